/**
 * People who use the page in a real Chromium.
 * @module
 */
import { createDevServer, type DevServer } from "@roomz/roomz/dev-server";
import { assertEquals } from "@std/assert";
import type { Browser, BrowserContext, Page } from "../../../support/chromium.ts";

/** Milliseconds, for slow machines. */
const PATIENCE = 20_000;

export const ADA = "ada@example.com";

/** A server whose magic links a test can open. */
export interface Site extends AsyncDisposable {
  readonly server: DevServer;
  /** A new magic link. */
  link(): Promise<string>;
}

export const SECRET = "a secret of the tests, 32 characters or more";

export async function openSite(port = 0, jwtSecret = SECRET): Promise<Site> {
  const links: string[] = [];
  const server = await createDevServer({
    port,
    jwtSecret,
    allowedEmails: [ADA],
    log: () => {},
    onMagicLink: ({ url }) => void links.push(url),
  });
  return {
    server,
    async link() {
      const response = await fetch(`${server.url}/auth/request-magic-link`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ email: ADA }),
      });
      await response.body?.cancel();
      return links.pop() ?? "";
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** One browser profile. Everything that a page must never do is recorded, and checked at the end. */
export class Visitor implements AsyncDisposable {
  readonly context: BrowserContext;
  readonly #origin: string;
  readonly #forbidden: string[] = [];

  private constructor(context: BrowserContext, origin: string) {
    this.context = context;
    this.#origin = origin;
  }

  static async arrive(browser: Browser, site: Site): Promise<Visitor> {
    return new Visitor(await browser.newContext(), site.server.url);
  }

  /** Opens a tab. */
  async tab(): Promise<Page> {
    const page = await this.context.newPage();
    page.on("pageerror", (error) => this.#forbidden.push(`error: ${error}`));
    page.on("dialog", (dialog) => {
      this.#forbidden.push("dialog");
      void dialog.dismiss();
    });
    page.on("console", (message) => {
      // Chromium itself writes that a response was 401, or that nobody listens.
      if (/^Failed to load resource|^WebSocket connection to/.test(message.text())) return;
      this.#forbidden.push(`console: ${message.text()}`);
    });
    page.on("request", (request) => {
      const { origin } = new URL(request.url());
      if (origin !== this.#origin) this.#forbidden.push(`request: ${request.url()}`);
    });
    return page;
  }

  /** Opens a tab by a magic link, and waits until it is connected. */
  async enter(site: Site): Promise<Page> {
    const page = await this.tab();
    await page.goto(await site.link());
    await connected(page);
    return page;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close();
    assertEquals(this.#forbidden, []);
  }
}

/**
 * Waits until an expression is true in the page. Playwright's own `waitForFunction` evaluates texts in
 * the page, which its policy forbids.
 */
export async function until(page: Page, expression: string): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (!await page.evaluate(expression)) {
    if (Date.now() > end) {
      const text = await page.evaluate("document.body.innerText");
      throw new Error(`This did not become true: ${expression}\nThe page:\n${text}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function connected(page: Page): Promise<void> {
  await until(page, `document.querySelector("#status")?.dataset.kind === "connected"`);
}

/** The text of each element that matches. */
export function textsOf(page: Page, selector: string): Promise<string[]> {
  const query = JSON.stringify(selector);
  return page.evaluate(`Array.from(document.querySelectorAll(${query}), (e) => e.textContent)`);
}

/** Waits until an element that matches has exactly this text. */
export async function hasText(page: Page, selector: string, text: string): Promise<void> {
  const query = JSON.stringify(selector);
  await until(
    page,
    `Array.from(document.querySelectorAll(${query})).some((e) => e.textContent === ${
      JSON.stringify(text)
    })`,
  );
}
