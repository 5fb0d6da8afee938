/** A browser as far as signing in needs one: it follows redirects, fills in forms, and keeps each site's cookies. */
export class Visitor {
  readonly #jars = new Map<string, Map<string, string>>();

  /** One request, redirects not followed. */
  async send(url: string, init: RequestInit = {}): Promise<Response> {
    const { origin } = new URL(url);
    const jar = this.#jars.get(origin) ?? new Map<string, string>();
    this.#jars.set(origin, jar);
    const headers = new Headers(init.headers);
    if (jar.size > 0) headers.set('cookie', [...jar].map((pair) => pair.join('=')).join('; '));
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';', 1);
      const at = pair.indexOf('=');
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
      if (value === '' || /;\s*max-age=0/i.test(cookie)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }

  /** A request with a JSON body from a page of the site itself, and its answer. */
  async json<T = Record<string, unknown>>(
    method: string,
    url: string,
    body?: object,
  ): Promise<{ status: number; body: T }> {
    const { origin } = new URL(url);
    const headers = { origin, ...(body ? { 'content-type': 'application/json' } : {}) };
    const response = await this.send(url, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    const text = await response.text();
    return { status: response.status, body: (text ? JSON.parse(text) : undefined) as T }; // the caller names the shape it asserts
  }

  /** Goes on from `url` until it leads to an address that `isEnd` takes; a page on the way is answered by `fillIn`. */
  async follow(
    url: string,
    { isEnd, fillIn }: { isEnd: (url: string) => boolean; fillIn: (html: string) => Record<string, string> },
  ): Promise<string> {
    let at = url;
    for (let step = 0; step < 20; step++) {
      if (isEnd(at)) return at;
      const page = await this.send(at);
      const answer = page.status === 200 ? await this.#submit(at, await page.text(), fillIn) : page;
      const location = answer.headers.get('location');
      if (location === null) throw new Error(`${at} answered ${answer.status} and led nowhere: ${await answer.text()}`);
      at = new URL(location, at).href;
    }
    throw new Error(`${url} leads to no end`);
  }

  #submit(at: string, html: string, fillIn: (html: string) => Record<string, string>): Promise<Response> {
    const action = /<form[^>]*\baction="([^"]*)"/.exec(html)?.[1] ?? '';
    const hidden = [...html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]): [string, string] => [
      /\bname="([^"]*)"/.exec(input)?.[1] ?? '',
      /\bvalue="([^"]*)"/.exec(input)?.[1] ?? '',
    ]);
    const body = new URLSearchParams([...hidden, ...Object.entries(fillIn(html))]);
    const url = new URL(action.replaceAll('&amp;', '&'), at).href;
    return this.send(url, { method: 'POST', body, headers: { referer: at } });
  }
}
