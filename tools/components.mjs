// Debian's programs that the tests start: installed where root and apt are at hand, otherwise their tests are skipped.
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

const components = {
  redis: { packages: ['redis-server'], programs: ['/usr/bin/redis-server'] },
  cas: { packages: ['python3-django-cas-server'], programs: ['/usr/lib/python3/dist-packages/cas_server/views.py'] },
  slapd: { packages: ['slapd'], programs: ['/usr/sbin/slapd'] },
  chromium: {
    packages: ['chromium', 'fonts-noto-cjk'],
    programs: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  },
};
const serviceRule = '/usr/sbin/policy-rc.d';

/** The path of a component's program, or `undefined` where it is not installed. */
export function findComponent(name) {
  return components[name].programs.find((path) => existsSync(path));
}

/** Installs those of the named components that are missing, by one apt-get; says which are missing afterwards. */
export function installComponents(names) {
  const missing = names.filter((name) => !findComponent(name));
  if (missing.length === 0) return;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) aptInstall(missing);
  const left = missing.filter((name) => !findComponent(name));
  if (left.length > 0)
    process.stdout.write(
      `Not here, and not to be installed (needs root and apt): ${left.join(', ')}; what needs them is skipped\n`,
    );
}

function aptInstall(names) {
  process.stdout.write(`Installing ${names.join(', ')} (apt-get), once ...\n`);
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, stdio: 'ignore' };
  withoutServices(() => {
    try {
      execFileSync('apt-get', ['update', '-qq'], options);
      const packages = names.flatMap((name) => components[name].packages);
      execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], options);
    } catch {
      // Said by the caller, who looks at what is there.
    }
  });
}

/** Debian starts a service with its package unless this file forbids it (invoke-rc.d(8)); tests start their own. */
function withoutServices(install) {
  if (existsSync(serviceRule)) return install();
  writeFileSync(serviceRule, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    install();
  } finally {
    rmSync(serviceRule, { force: true });
  }
}
