const browsers: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['Edge', /\bEdg\/(\d+)/],
  ['Opera', /\bOPR\/(\d+)/],
  ['Samsung Internet', /\bSamsungBrowser\/(\d+)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d+)/],
  ['Chrome', /\b(?:Headless)?(?:Chrome|CriOS)\/(\d+)/],
  ['Safari', /\bVersion\/(\d+).*\bSafari\//],
  ['kubectl', /^kubectl(?:\.exe)?\/v?(\d+\.\d+)/],
  ['curl', /^curl\/(\d+\.\d+)/],
];
const systems: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X|darwin/],
  ['ChromeOS', /CrOS/],
  ['Linux', /Linux|linux/],
];

/** What people call a program that signed in: `Firefox 140, Linux`; what is not known stays as it is. */
export function deviceName(userAgent: string): string {
  const program = browsers.flatMap(([name, pattern]) => {
    const version = pattern.exec(userAgent)?.[1];
    return version ? [`${name} ${version}`] : [];
  })[0];
  const system = systems.find(([, pattern]) => pattern.test(userAgent))?.[0];
  if (!program) return userAgent;
  return system ? `${program}, ${system}` : program;
}
