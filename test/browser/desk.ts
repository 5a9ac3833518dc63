import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openBrowser } from '../system/browser.js';
import { MockGateway } from './mock-gateway.js';

export const root = join(__dirname, '../..');

export interface DeskOptions {
  readonly user?: string;
  readonly theme?: 'dark' | 'light';
  readonly language?: 'en' | 'ur' | 'zh';
  readonly width?: number;
  readonly height?: number;
  readonly reducedMotion?: boolean;
}

/** A browser with desks at one mock gateway. `npm test` builds the console first; a lone run builds what is missing. */
export class Room {
  readonly gateway = new MockGateway();
  url = '';
  /** Addresses that a desk asked for outside its own gateway. */
  readonly strays: string[] = [];
  /** What the pages complained of. */
  readonly complaints: string[] = [];
  private browser!: Browser;
  private readonly contexts: BrowserContext[] = [];

  async open(): Promise<void> {
    if (!existsSync(join(root, 'apps/console/dist/index.html')))
      execFileSync(process.execPath, [
        join(root, 'node_modules/vite/bin/vite.js'),
        'build',
        join(root, 'apps/console'),
      ]);
    this.url = await this.gateway.start();
    this.browser = await openBrowser();
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.gateway.stop();
  }

  /** A page before anybody has signed in. */
  async page(options: DeskOptions = {}): Promise<Page> {
    const { theme = 'dark', language = 'en', width = 1920, height = 1080 } = options;
    const context = await this.browser.newContext({
      viewport: { width, height },
      reducedMotion: options.reducedMotion ? 'reduce' : 'no-preference',
      permissions: ['notifications'],
    });
    this.contexts.push(context);
    await context.addInitScript(
      ([t, l]) => {
        localStorage.setItem('tocsin.theme', t ?? '');
        localStorage.setItem('tocsin.language', l ?? '');
      },
      [theme, language],
    );
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on('request', (request) => request.url().startsWith(this.url) || this.strays.push(request.url()));
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on(
      'console',
      (message) =>
        message.type() === 'error' &&
        /Content Security|Warning:/.test(message.text()) &&
        this.complaints.push(message.text()),
    );
    await page.goto(this.url);
    return page;
  }

  /** A desk where `user` has signed in and the first snapshot is shown. */
  async desk(options: DeskOptions = {}): Promise<Page> {
    const page = await this.page(options);
    await page.fill('input[autocomplete=username]', options.user ?? 'khan');
    await page.fill('input[type=password]', 'tocsin');
    await page.press('input[type=password]', 'Enter');
    await page.waitForSelector('.row, .no-alarms, .phone-lists, .job');
    return page;
  }

  /** Ends the desks of one test, so that the next begins with the unit and nobody at it. */
  async leave(): Promise<void> {
    await Promise.all(this.contexts.splice(0).map((context) => context.close()));
    this.gateway.reset();
    const complaints = this.complaints.splice(0);
    if (complaints.length > 0) throw new Error(`a page complained: ${complaints.join('; ')}`);
  }
}

/** The keyboard may act on a row 250 ms after it was painted: waits for that, on the page's own clock. */
export const settled = (page: Page): Promise<unknown> =>
  page.evaluate(() => new Promise((done) => setTimeout(done, 300)));

export const texts = (page: Page, selector: string): Promise<string[]> => page.locator(selector).allInnerTexts();
