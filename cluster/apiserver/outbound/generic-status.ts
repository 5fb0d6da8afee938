/** What a client makes of an HTTP status whose answer is no Status object. */
const texts: Readonly<Record<number, string>> = {
  400: 'the server rejected our request for an unknown reason',
  401: 'the server has asked for the client to provide credentials',
  403: 'forbidden: unknown',
  404: 'the server could not find the requested resource',
  405: 'the server does not allow this method on the requested resource',
  406: 'the server was unable to respond with a content type that the client supports',
  409: 'the server reported a conflict',
  415: 'the server was unable to respond with a content type that the client supports',
  422: 'the server rejected our request due to an error in our request',
  429: 'the server has received too many requests and has asked us to try again later',
  503: 'the server is currently unable to handle the request',
  504: 'the server was unable to return a response in the time allotted, but may still be processing the request',
};

function serverMessage(body: string, contentType: string): string {
  return contentType.startsWith('text/') && body.trim() !== '' ? body.trim() : 'unknown';
}

/** The sentence for an answer that is no success: its Status' message, or what its code says. */
export function failureText({
  status,
  contentType,
  body,
}: {
  status: number;
  contentType: string;
  body: string;
}): string {
  try {
    const parsed = JSON.parse(body) as { kind?: unknown; message?: unknown } | null; // looked at next
    if (parsed?.kind === 'Status' && typeof parsed.message === 'string') return parsed.message;
  } catch {
    // no Status, then
  }
  const known = texts[status];
  if (known) return known;
  if (status >= 500)
    return `an error on the server (${JSON.stringify(serverMessage(body, contentType))}) has prevented the request from succeeding`;
  return `the server responded with the status code ${status} but did not return more information`;
}
