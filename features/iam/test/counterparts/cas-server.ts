import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, freePort } from '@kit/testing/programs';
import { vi } from 'vitest';

const library = '/usr/lib/python3/dist-packages/cas_server';

/** Whether Debian's python3-django-cas-server is installed: a real CAS server, protocol 1 to 3. */
export const hasCasServer = findProgram('python3') !== undefined && existsSync(library);

export interface CasUser {
  readonly name: string;
  readonly password: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface CasServer {
  /** Its base address, as an administrator enters it. */
  readonly url: string;
  stop(): void;
}

const settings = (folder: string, { name, password, attributes }: CasUser): string => `
SECRET_KEY = 'counterpart'
DEBUG = True
ALLOWED_HOSTS = ['127.0.0.1']
INSTALLED_APPS = ['django.contrib.auth', 'django.contrib.contenttypes', 'django.contrib.sessions',
                  'django.contrib.messages', 'django.contrib.staticfiles', 'cas_server']
MIDDLEWARE = ['django.contrib.sessions.middleware.SessionMiddleware', 'django.middleware.csrf.CsrfViewMiddleware',
              'django.contrib.auth.middleware.AuthenticationMiddleware',
              'django.contrib.messages.middleware.MessageMiddleware', 'django.middleware.locale.LocaleMiddleware']
TEMPLATES = [{'APP_DIRS': True, 'BACKEND': 'django.template.backends.django.DjangoTemplates', 'OPTIONS': {
  'context_processors': ['django.template.context_processors.request', 'django.contrib.auth.context_processors.auth',
                         'django.contrib.messages.context_processors.messages']}}]
ROOT_URLCONF = 'cas_urls'
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': ${JSON.stringify(join(folder, 'cas.db'))}}}
DEFAULT_AUTO_FIELD = 'django.db.models.AutoField'
STATIC_URL = '/static/'
USE_TZ = True
CAS_AUTH_CLASS = 'cas_server.auth.TestAuthUser'
CAS_TEST_USER = ${JSON.stringify(name)}
CAS_TEST_PASSWORD = ${JSON.stringify(password)}
CAS_TEST_ATTRIBUTES = ${JSON.stringify(attributes)}
CAS_NEW_VERSION_HTML_WARNING = False
`;

const urls = `
from django.urls import include, path
urlpatterns = [path('cas/', include('cas_server.urls', namespace='cas_server'))]
`;

// Which services are served, and that they are told every attribute.
const setUp = `
import django
django.setup()
from cas_server.models import ServicePattern
allowed = ServicePattern.objects.create(pos=1, name='tests', pattern='^http://127[.]0[.]0[.]1:')
allowed.attributs.create(name='*', replace='')
`;

/** Starts a real CAS server that knows one user, on a free port and a database of its own. */
export async function startCasServer(user: CasUser): Promise<CasServer> {
  const folder = mkdtempSync(join(tmpdir(), 'cas-'));
  writeFileSync(join(folder, 'cas_settings.py'), settings(folder, user));
  writeFileSync(join(folder, 'cas_urls.py'), urls);
  const environment = { PYTHONPATH: folder, DJANGO_SETTINGS_MODULE: 'cas_settings', PYTHONDONTWRITEBYTECODE: '1' };
  const options = { cwd: folder, env: { PATH: '/usr/bin:/bin', ...environment } };
  execFileSync('python3', ['-m', 'django', 'migrate', '--verbosity', '0'], { ...options, stdio: 'pipe' });
  execFileSync('python3', ['-c', setUp], { ...options, stdio: 'pipe' });
  const port = await freePort();
  const words = ['-m', 'django', 'runserver', '--noreload', '--nothreading', '--insecure', `127.0.0.1:${port}`];
  const child = spawn('python3', words, { ...options, stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}/cas`;
  await vi.waitFor(async () => fetch(`${url}/login`), { timeout: 30_000, interval: 50 });
  return {
    url,
    stop() {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
