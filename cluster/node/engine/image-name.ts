const word = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const label = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const host = `(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const tag = '[\\w][\\w.-]{0,127}';
const digest = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';
const reference = new RegExp(`^(?:${host}/)?${word}(?:/${word})*(?::${tag})?(?:@${digest})?$`);

function isHost(text: string): boolean {
  return /[.:]/.test(text) || text === 'localhost' || text.toLowerCase() !== text;
}

/** Why this cannot be the name of an image, in the words of a node; undefined when it can. */
export function imageNameProblem(image: string): string | undefined {
  const [first = '', ...rest] = image.split('/');
  const hasHost = rest.length > 0 && isHost(first);
  const path = hasHost ? rest.join('/') : image;
  const [name = ''] = path.split(':');
  const full = hasHost || rest.length > 0 ? name : `library/${name}`;
  if (name.toLowerCase() !== name) return `invalid reference format: repository name (${full}) must be lowercase`;
  return reference.test(image) ? undefined : 'invalid reference format';
}
