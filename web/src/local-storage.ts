/** What this browser remembers of how somebody likes the console to be. Never a secret. Works without storage as well. */
export function readLocal(name: string): string | null {
  try {
    return localStorage.getItem(`keyward.${name}`);
  } catch {
    return null;
  }
}

export function writeLocal(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`keyward.${name}`);
    else localStorage.setItem(`keyward.${name}`, value);
  } catch {
    // Private windows may have none: it is then as on the first visit.
  }
}
