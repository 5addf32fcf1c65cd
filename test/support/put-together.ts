/** One record of several, none of which says what another one says. @throws Error */
export function putTogether<Value>(...parts: readonly Readonly<Record<string, Value>>[]): Record<string, Value> {
  const entries = parts.flatMap((part) => Object.entries(part));
  const whole = Object.fromEntries(entries);
  const twice = entries.map(([name]) => name).filter((name, index, names) => names.indexOf(name) !== index);
  if (twice.length > 0) throw new Error(`said twice: ${twice.join(', ')}`);
  return whole;
}
