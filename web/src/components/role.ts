/** `PROVIDER_ADMIN` is "Provider admin"; a custom role is called as it is. */
export function roleInWords(role: string): string {
  if (!/^[A-Z_]+$/.test(role)) return role;
  const words = role.toLowerCase().replaceAll('_', ' ').replace(/^org /, 'organization ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
