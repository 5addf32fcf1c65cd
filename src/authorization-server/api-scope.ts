/** A scope of the form `<organization>::<role>`. */
export interface ApiScope {
  /** The organization's external id or its id. */
  readonly organization: string;
  readonly role: string;
}

const LONGEST_ROLE = 100;
/** What a scope token is made of (RFC 6749, section 3.3). */
const ROLE = new RegExp(`^[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,${LONGEST_ROLE}}$`);
const SEPARATOR = '::';

/**
 * The scopes of that form among a token's claims. It has them in `scope` (RFC 9068) or `scp`, as a text with blanks between
 * or as a list: authorization servers differ.
 */
export function apiScopesOf(claims: Readonly<Record<string, unknown>>): ApiScope[] {
  return [claims['scope'], claims['scp']].flatMap(textsOf).flatMap((text) => {
    const at = text.lastIndexOf(SEPARATOR);
    const [organization, role] = [text.slice(0, Math.max(0, at)), text.slice(at + SEPARATOR.length)];
    return organization !== '' && ROLE.test(role) ? [{ organization, role }] : [];
  });
}

function textsOf(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ');
  return Array.isArray(claim) ? claim.filter((each) => typeof each === 'string') : [];
}
