const MOST_REDIRECTS = 20;

/** What a browser does with cookies and redirects, and nothing else: each step can be looked at. */
export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();
  readonly #hosts: ReadonlyMap<string, string>;
  readonly #headers: Readonly<Record<string, string>>;

  /**
   * @param hosts which server stands for the origin of a public URL
   * @param headers of every request
   */
  constructor(hosts: Readonly<Record<string, string>> = {}, headers: Readonly<Record<string, string>> = {}) {
    this.#hosts = new Map(Object.entries(hosts));
    this.#headers = headers;
  }

  /** At an identity provider of the tests, as somebody whose subject this is. */
  signsInAs(issuer: string, subject: string): void {
    this.setCookie(issuer, 'who', encodeURIComponent(subject));
  }

  cookie(url: string, name: string): string | undefined {
    return this.#cookiesOf(url).get(name);
  }

  setCookie(url: string, name: string, value: string | null): void {
    if (value === null) this.#cookiesOf(url).delete(name);
    else this.#cookiesOf(url).set(name, value);
  }

  /** One request. The answer is not followed. */
  async request(url: string, init: RequestInit = {}): Promise<Response> {
    const { origin, pathname, search } = new URL(url);
    const cookies = [...this.#cookiesOf(url)].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = new Headers({ ...this.#headers, ...Object.fromEntries(new Headers(init.headers)) });
    if (cookies !== '') headers.set('cookie', cookies);
    const target = `${this.#hosts.get(origin) ?? origin}${pathname}${search}`;
    const answer = await fetch(target, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) this.#keep(url, line);
    return answer;
  }

  /** Goes where it is sent, until an address is reached that is asked for no more. @returns that address */
  async follow(url: string, isEnough: (url: string) => boolean): Promise<string> {
    let at = url;
    for (let left = MOST_REDIRECTS; left > 0; left--) {
      if (isEnough(at)) return at;
      const answer = await this.request(at);
      const location = answer.headers.get('location');
      if (location === null) throw new Error(`${answer.status} at ${at}: ${await answer.text()}`);
      at = new URL(location, at).href;
    }
    throw new Error('too many redirects');
  }

  #keep(url: string, line: string): void {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (name === undefined || value === undefined) return;
    const isOver = /max-age=0(;|$)/i.test(line) || /expires=Thu, 01 Jan 1970/i.test(line);
    this.setCookie(url, name, isOver ? null : value);
  }

  #cookiesOf(url: string): Map<string, string> {
    const { origin } = new URL(url);
    const known = this.#cookies.get(origin) ?? new Map<string, string>();
    this.#cookies.set(origin, known);
    return known;
  }
}
