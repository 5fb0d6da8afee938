import type { IncomingMessage } from 'node:http';

/** Programs that people look at. */
const readByPeople = ['curl', 'Wget', 'Mozilla/5.0'];

/** Whether JSON is to be written for people: as the request says, else as its program lets one think. */
export function wantsPretty({ url = '', headers }: IncomingMessage): boolean {
  const question = url.indexOf('?');
  const asked = question < 0 ? null : new URLSearchParams(url.slice(question)).get('pretty');
  if (asked !== null) return asked === '1' || asked === 'true';
  const program = headers['user-agent'] ?? '';
  return readByPeople.some((name) => program.startsWith(name));
}
