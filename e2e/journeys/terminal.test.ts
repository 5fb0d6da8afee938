import { kinds } from '@kit/kube';
import type { TestPlatform } from '@kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../browser.ts';
import { makePlaces, openSession, settleAdmin } from '../steps.ts';
import { image, startTarget, unique } from '../target.ts';

const project = unique('shells');
const workspace = unique('shell-team');
const own = 'My-own-2026';

describe('a shell in a container, in the browser', () => {
  let platform: TestPlatform;
  beforeAll(async () => {
    platform = await startTarget();
    const admin = await settleAdmin(platform, own);
    await makePlaces(admin, { workspace, project });
    const container = { image, imagePullPolicy: 'IfNotPresent', command: ['sleep', '3600'] };
    await platform.kube.create(kinds.pods, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: project },
      spec: {
        containers: [
          { ...container, name: 'main' },
          { ...container, name: 'second' },
        ],
      },
    });
  });
  afterAll(() => platform?.stop());

  it.each([
    { language: 'en', theme: 'light', width: 1280 },
    { language: 'ko', theme: 'dark', width: 390 },
    { language: 'zh', theme: 'dark', width: 1280 },
  ] as const)('runs what is typed: $language, $theme, $width wide', async (look) => {
    const browser = await openBrowser(look);
    const { page } = browser;
    try {
      await openSession(browser, platform, { username: 'admin', password: own });
      await page.goto(`${platform.url}/workspaces/${workspace}/clusters/host/projects/${project}/pods/web`);
      await page
        .getByRole('button', { name: /^(Terminal|터미널|终端)$/ })
        .first()
        .click();
      const screen = page.locator('.xterm-rows');
      await page.locator('.xterm-helper-textarea').waitFor();
      await expect
        .poll(() => page.getByRole('status').allTextContents())
        .toContain({ en: 'Connected', ko: '연결됨', zh: '已连接' }[look.language]);
      await page.keyboard.type('echo "it is $((6*7))"\n');
      await expect.poll(() => screen.textContent(), { timeout: 15_000 }).toContain('it is 42');
      await browser.expectAccessible();
      await browser.shot(`terminal-${look.language}-${look.theme}-${look.width}`);
      await page.keyboard.type('exit 3\n');
      await page.getByRole('button', { name: /^(Connect again|다시 연결|重新连接)$/ }).click();
      await expect
        .poll(() => page.getByRole('status').allTextContents())
        .toContain({ en: 'Connected', ko: '연결됨', zh: '已连接' }[look.language]);
      expect(browser.complaints).toEqual([]);
    } catch (error) {
      await browser.shot(`terminal-failed-${look.language}`);
      throw error;
    } finally {
      await browser.close();
    }
  });
});
