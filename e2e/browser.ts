import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { root } from '../tools/root.mjs';

const executablePath = process.env.FREEHOLD_CHROMIUM || '/usr/bin/chromium';
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const shots = join(root, 'screenshots');

export interface BrowserOptions {
  readonly language?: 'en' | 'ko' | 'zh';
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
}

export interface Browser {
  readonly page: Page;
  /** Takes a picture of the page as it stands, into ./screenshots. */
  shot(name: string): Promise<void>;
  /** Fails with the rules of axe-core that the page breaks. */
  expectAccessible(): Promise<void>;
  /** What the page has complained about in its console. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  id: string;
  help: string;
  nodes: { html: string; failureSummary?: string }[];
}

async function violations(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe }); // past the page's content security policy, which stays in force for the page
  const expression = `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then((r) => JSON.stringify(r.violations))`;
  const { result } = await session.send('Runtime.evaluate', { expression, awaitPromise: true });
  await session.detach();
  return (JSON.parse(String(result.value)) as Violation[]).map(
    (v) => `${v.id}: ${v.help}\n  ${v.nodes.map((n) => n.html.slice(0, 200)).join('\n  ')}`,
  );
}

/** Headless Chromium with a profile of its own. */
export async function openBrowser(options: BrowserOptions = {}): Promise<Browser> {
  mkdirSync(shots, { recursive: true });
  const profile = mkdtempSync(join(tmpdir(), 'freehold-browser-'));
  const locale = { en: 'en-GB', ko: 'ko-KR', zh: 'zh-CN' }[options.language ?? 'en'];
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath,
    args,
    headless: true,
    locale,
    colorScheme: options.theme ?? 'light',
    reducedMotion: 'reduce',
    viewport: { width: options.width ?? 1280, height: options.width && options.width < 600 ? 844 : 800 },
  });
  const page: Page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  // On the real cluster pods come up beside the browser, whose network then gains an interface: no fault of the page.
  const isOfTheMachine = (text: string): boolean => text.includes('net::ERR_NETWORK_CHANGED');
  page.on('console', (message) => {
    const isComplaint = message.type() === 'error' || message.type() === 'warning';
    if (isComplaint && !isOfTheMachine(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return {
    page,
    complaints,
    shot: async (name) => void (await page.screenshot({ path: join(shots, `${name}.png`) })),
    expectAccessible: async () => expect.soft(await violations(page), page.url()).toEqual([]),
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
