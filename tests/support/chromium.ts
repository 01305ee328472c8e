/**
 * A real Chromium, driven by playwright-core, for the tests of pages. Neither is needed by anything else,
 * so both are found when a test runs.
 * @module
 */

/** What the tests use of playwright's `Page`. */
export interface Page {
  goto(url: string): Promise<unknown>;
  reload(): Promise<unknown>;
  url(): string;
  evaluate<T>(expression: string): Promise<T>;
  click(selector: string): Promise<void>;
  fill(selector: string, text: string): Promise<void>;
  focus(selector: string): Promise<void>;
  textContent(selector: string): Promise<string | null>;
  screenshot(options: { path: string }): Promise<unknown>;
  route(url: string, handler: (route: Route) => Promise<void>): Promise<void>;
  routeWebSocket(url: RegExp, handler: (route: WebSocketRoute) => void): Promise<void>;
  setViewportSize(size: { width: number; height: number }): Promise<void>;
  emulateMedia(
    media: { colorScheme: "light" | "dark"; reducedMotion?: "reduce" },
  ): Promise<void>;
  close(): Promise<void>;
  readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> };
  on(event: "console", handler: (message: { text(): string }) => void): void;
  on(event: "pageerror", handler: (error: Error) => void): void;
  on(event: "dialog", handler: (dialog: { dismiss(): Promise<void> }) => void): void;
  on(event: "request", handler: (request: { url(): string }) => void): void;
}

/** A request that the test answers in place of the server. */
export interface Route {
  fulfill(response: { status: number; contentType: string; body: string }): Promise<void>;
}

/** A WebSocket with the test between the page and the server. */
export interface WebSocketRoute {
  connectToServer(): WebSocketRoute;
  send(message: string | Uint8Array): void;
  onMessage(handler: (message: string | Uint8Array) => void): void;
  close(): Promise<void>;
}

/** Its own cookies and storage. */
export interface BrowserContext {
  newPage(): Promise<Page>;
  addInitScript(script: { content: string }): Promise<void>;
  close(): Promise<void>;
}

export interface Browser {
  newContext(options?: {
    bypassCSP?: boolean;
  }): Promise<BrowserContext>;
  close(): Promise<void>;
}

interface Playwright {
  readonly chromium: {
    launch(options: { executablePath: string; args: string[] }): Promise<Browser>;
  };
}

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** A function that starts Chromium, or why there is none; CHROMIUM names one that is not in PATH. */
export async function findChromium(): Promise<
  { readonly launch: () => Promise<Browser> } | { readonly missing: string }
> {
  const executablePath = Deno.env.get("CHROMIUM") ?? await inPath();
  if (executablePath === undefined) return { missing: `there is no ${NAMES.join(", ")} in PATH` };
  const runs = await new Deno.Command(executablePath, { args: ["--version"], stdout: "null" })
    .output().then(({ success }) => success, () => false);
  if (!runs) return { missing: `${executablePath} does not run` };
  // The specifier is computed, so that a machine without the package runs all other tests.
  const specifier = ["playwright", "core"].join("-");
  try {
    const { chromium }: Playwright = await import(specifier);
    return { launch: () => chromium.launch({ executablePath, args: ["--disable-gpu"] }) };
  } catch (error) {
    return { missing: `playwright-core could not be loaded: ${error}` };
  }
}

async function inPath(): Promise<string | undefined> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    for (const name of NAMES) {
      const file = `${folder}/${name}`;
      const found = await Deno.stat(file).then(({ isFile }) => isFile, () => false);
      if (found) return file;
    }
  }
  return undefined;
}

/** The source of axe-core, which checks a page for accessibility; undefined if it cannot be had. */
export async function axeSource(): Promise<string | undefined> {
  const specifier = ["axe", "core"].join("-");
  try {
    const { default: axe }: { default: { source: string } } = await import(specifier);
    return axe.source;
  } catch {
    return undefined;
  }
}
