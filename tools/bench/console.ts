import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';
import { signIn } from '@kit/testing';
import { startPlatformProcess, type PlatformProcess } from '../platform-process.ts';
import type { Figure } from './report.ts';

const executablePath = '/usr/bin/chromium';
const own = 'My-own-2026';
const passwordPath = '/kapis/iam.kubesphere.io/v1alpha2/users/admin/password';
/** What a browser keeps between two visits. */
const kept: ReadonlySet<string> = new Set(['Document', 'Script', 'Stylesheet', 'Font', 'Image']);

/** An administrator who is asked for nothing any more. */
async function settle(platform: PlatformProcess): Promise<void> {
  const { token } = await signIn(platform.url, 'admin', platform.password);
  const response = await fetch(`${platform.url}${passwordPath}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ currentPassword: platform.password, password: own }),
  });
  if (!response.ok) throw new Error(`the administrator got no own password: ${await response.text()}`);
}

interface FirstLoad {
  readonly bytes: number;
  readonly files: number;
  readonly shownMs: number;
}

/** Opens the workbench with an empty cache, and counts what comes over the network until it stands. */
async function firstLoad(context: BrowserContext, url: string): Promise<FirstLoad> {
  const answer = await context.request.post(`${url}/session`, { data: { username: 'admin', password: own } });
  if (!answer.ok()) throw new Error(`no session: ${await answer.text()}`);
  const page = await context.newPage();
  const network = await context.newCDPSession(page);
  await network.send('Network.enable');
  const files = new Map<string, number>();
  let bytes = 0;
  network.on('Network.responseReceived', ({ requestId, type, response }) => {
    if (kept.has(type)) files.set(requestId, response.encodedDataLength); // the headers so far
  });
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (files.has(requestId)) bytes += encodedDataLength - (files.get(requestId) ?? 0);
  });
  const startMs = performance.now();
  await page.goto(url);
  await page.getByRole('heading', { name: 'Workbench', level: 1 }).waitFor();
  const shownMs = performance.now() - startMs;
  await page.waitForTimeout(2000); // what comes late counts too
  return { bytes, files: files.size, shownMs };
}

/** How much of the console comes over the network before the workbench stands, with an empty cache. */
export async function consoleFigures(): Promise<Figure[]> {
  const budget = '250 KB';
  const what = 'first load of the workbench';
  if (!existsSync(executablePath)) return [{ what, value: 'SKIPPED: no Chromium here', budget }];
  const dataDir = mkdtempSync(join(tmpdir(), 'freehold-bench-'));
  const profile = mkdtempSync(join(tmpdir(), 'freehold-bench-browser-'));
  const platform = await startPlatformProcess(dataDir);
  try {
    await settle(platform);
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];
    const context = await chromium.launchPersistentContext(profile, { executablePath, args, locale: 'en-GB' });
    try {
      const { bytes, files, shownMs } = await firstLoad(context, platform.url);
      return [
        { what, value: `${(bytes / 1000).toFixed(0)} KB in ${files} files, compressed, without headers`, budget },
        { what: 'until it stands', value: `${(shownMs / 1000).toFixed(2)} s` },
      ];
    } finally {
      await context.close();
    }
  } finally {
    await platform.stop();
    rmSync(dataDir, { recursive: true, force: true });
    rmSync(profile, { recursive: true, force: true });
  }
}
