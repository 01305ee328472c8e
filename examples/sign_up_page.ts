/**
 * A web page on which people sign up for a bot that runs as a fleet. They enter their email address, the
 * Roomz server mails them a magic link, and they paste it into the page; the fleet's hosts notice the new
 * account within a second. Those who sign up again renew their session.
 *
 * ```sh
 * export ROOMZ_SERVER_URL=https://roomz.example
 * export ROOMZ_FLEET_STORAGE=/srv/helper/fleet.kv ROOMZ_FLEET_KEY="$(cat fleet.key)"
 * deno run --unstable-kv --allow-read=/srv/helper --allow-write=/srv/helper \
 *   --allow-net=127.0.0.1,roomz.example \
 *   --allow-env=ROOMZ_SERVER_URL,ROOMZ_FLEET_STORAGE,ROOMZ_FLEET_KEY,SIGN_UP_PORT \
 *   examples/sign_up_page.ts
 * ```
 *
 * It listens on 127.0.0.1:8080. Put a reverse proxy with TLS in front of it: a link that is pasted into
 * the page is a login. ROOMZ_FLEET_STORAGE may also be the URL of a KV server, with `--allow-net` for its
 * host and `--allow-env=DENO_KV_ACCESS_TOKEN` in place of `--allow-read` and `--allow-write`.
 * @module
 */
import { type FleetAccount, FleetAccounts, KvStorage } from "@roomz/roomz/bot";
import { AsyncClient, AuthenticationError, ConnectionError } from "@roomz/roomz/client";
import helper from "./helper_bot.ts";

/** What `signUpPage(…)` takes. */
export interface SignUpPageOptions {
  /** The Roomz server's address. */
  readonly server: string;
  /** The name of the bot. */
  readonly bot: string;
  /** Where the accounts go. */
  readonly accounts: Pick<FleetAccounts, "add">;
  /** Gets a line for each new account and each failure; never a link or a token. */
  readonly log: (line: string) => void;
}

/** An address has at most 254 characters, a link some hundred. */
const MAX_BODY_SIZE = 4_096;
/** Each waits for the Roomz server and the storage. */
const MAX_REQUESTS = 20;
/** Roomz mails an address five links an hour. */
const LINK_WINDOW_S = 3_600;

/** Makes the request handler. */
export function signUpPage(options: SignUpPageOptions): (request: Request) => Promise<Response> {
  const { server, bot, accounts, log } = options;
  let requests = 0;

  async function post(path: string, request: Request): Promise<Response> {
    // Other sites could have their visitors request links for everyone.
    const site = request.headers.get("sec-fetch-site") ?? "same-origin";
    if (site !== "same-origin") return page(403, emailForm(bot, "Use the form on this page."));
    const form = await readForm(request);
    if (form === undefined) return page(413, emailForm(bot, "That is too long."));
    return path === "/link"
      ? await sendLink((form.get("email") ?? "").trim())
      : await addAccount(form.get("link") ?? "");
  }

  async function sendLink(email: string): Promise<Response> {
    try {
      await new AsyncClient(server).login(email);
      return page(200, linkForm(bot, email));
    } catch (error) {
      const { status, retryAfter } = error instanceof ConnectionError
        ? error
        : { status: undefined, retryAfter: undefined };
      if (status === 400) return page(400, emailForm(bot, "That is not an email address.", email));
      if (status === 403) {
        const problem = `This Roomz server does not accept ${email}. Ask whoever runs it.`;
        return page(403, emailForm(bot, problem, email));
      }
      if (status === 429) {
        const seconds = retryAfter === undefined ? LINK_WINDOW_S : Math.ceil(retryAfter / 1_000);
        const problem = `Too many links were requested for ${email}. Use the newest one, or try ` +
          `again in ${waitOf(seconds)}.`;
        return page(429, linkForm(bot, email, problem), { "Retry-After": `${seconds}` });
      }
      log(`no link was sent: ${textOf(error)}`);
      const problem = "The Roomz server does not answer. Try again in a minute.";
      return page(502, emailForm(bot, problem, email), { "Retry-After": "60" });
    }
  }

  async function addAccount(link: string): Promise<Response> {
    const token = tokenOf(link);
    if (token === undefined) {
      const problem = "That is not the link in the mail: the link contains \u201ctoken=\u201d. " +
        "Copy all of it.";
      return page(400, linkForm(bot, undefined, problem));
    }
    try {
      const account = await accounts.add({ server, token });
      log(`${account.email} has signed up`);
      return page(200, welcome(bot, account));
    } catch (error) {
      if (error instanceof AuthenticationError) {
        return page(403, emailForm(bot, `${error.facts} Request a new link.`));
      }
      log(`an account was not added: ${textOf(error)}`);
      if (error instanceof ConnectionError) {
        const problem =
          "The Roomz server does not answer. Try again in a minute, with the same link.";
        return page(502, linkForm(bot, undefined, problem), { "Retry-After": "60" });
      }
      // The storage does not answer, and the link has been used.
      const problem = "Your sign-up could not be stored. Request a new link in a minute.";
      return page(503, emailForm(bot, problem), { "Retry-After": "60" });
    }
  }

  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/" && request.method === "GET") return page(200, emailForm(bot));
    if (pathname === "/style.css" && request.method === "GET") return style();
    if (pathname !== "/link" && pathname !== "/account") return page(404, emailForm(bot));
    if (request.method !== "POST") {
      // Such as a reload in another tab.
      return new Response(null, { status: 303, headers: { Location: "/" } });
    }
    if (requests >= MAX_REQUESTS) {
      const problem = "Many people are signing up. Try again in a few seconds.";
      return page(503, emailForm(bot, problem), { "Retry-After": "5" });
    }
    requests++;
    try {
      return await post(pathname, request);
    } finally {
      requests--;
    }
  };
}

/** The form's fields; undefined, without reading the rest, if the body is too long. */
async function readForm(request: Request): Promise<URLSearchParams | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > MAX_BODY_SIZE) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return new URLSearchParams(text + decoder.decode());
}

/** The token in a magic link, whatever host it names: the server may be known by several. */
function tokenOf(link: string): string | undefined {
  const token = URL.parse(link.trim())?.searchParams.get("token") ?? "";
  return /^[\w.~-]+$/.test(token) ? token : undefined;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function waitOf(seconds: number): string {
  if (seconds < 90) return `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
}

/** Text that is HTML already. */
class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What is inserted is escaped, unless it is HTML already. */
function html(literals: TemplateStringsArray, ...values: readonly (string | Html)[]): Html {
  const parts = literals.map((literal, index) => {
    const value = values[index] ?? "";
    return literal + (value instanceof Html ? value.text : escaped(value));
  });
  return new Html(parts.join(""));
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function alert(problem: string | undefined): Html {
  return problem === undefined ? new Html("") : html`<p role="alert">${problem}</p>`;
}

function emailForm(bot: string, problem?: string, email = ""): Html {
  return html`
    <h1>Get ${bot} into your room</h1>
    ${alert(problem)}
    <form method="post" action="/link">
      <label for="email">Your email address at Roomz</label>
      <input id="email" name="email" type="email" autocomplete="email" required value="${email}">
      <button>Mail me a link</button>
    </form>
  `;
}

function linkForm(bot: string, email: string | undefined, problem?: string): Html {
  const sent = email === undefined || problem !== undefined
    ? new Html("")
    : html`<p>Roomz has mailed a link to ${email}. It works once, for 15 minutes.</p>`;
  return html`
    <h1>Get ${bot} into your room</h1>
    ${alert(problem)}${sent}
    <p><strong>Do not open the link</strong>, because that uses it up. Copy it and paste it here. With it
    ${bot} logs in as you, and reads and answers what is said in your room.</p>
    <form method="post" action="/account">
      <label for="link">The link in the mail</label>
      <input id="link" name="link" type="url" autocomplete="off" required>
      <button>Let ${bot} in</button>
    </form>
    <p><a href="/">Request a new link</a></p>
  `;
}

function welcome(bot: string, { email, expires }: FleetAccount): Html {
  const until = expires === null
    ? new Html("")
    : html` It can stay until ${
      expires.toISOString().slice(0, 10)
    }; to let it stay longer, sign up again
before that day.`;
  return html`<h1>The bot is in your room</h1>
<p>${bot} answers in the room of ${email}. Say <kbd>!help</kbd> there.${until}</p>`;
}

function page(status: number, body: Html, headers: Record<string, string> = {}): Response {
  const { text } = html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Sign up</title>
        <link rel="stylesheet" href="/style.css">
        <link rel="icon" href="data:,">
      </head>
      <body>
        <main>
    ${body}
        </main>
      </body>
    </html>
  `;
  return new Response(text, {
    status,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; " +
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      "Cache-Control": "no-store",
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
      ...headers,
    },
  });
}

function style(): Response {
  const text = `:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 30rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit; }
input, button { margin: 0.5rem 0 1rem; padding: 0.75rem; }
[role="alert"] { border-left: 0.25rem solid; padding-left: 0.75rem; }
`;
  return new Response(text, { headers: { "Content-Type": "text/css; charset=utf-8" } });
}

if (import.meta.main) {
  const path = Deno.env.get("ROOMZ_FLEET_STORAGE");
  const key = Deno.env.get("ROOMZ_FLEET_KEY");
  if (path === undefined || key === undefined) {
    throw new Error("Set ROOMZ_FLEET_STORAGE and ROOMZ_FLEET_KEY to those of the fleet's hosts.");
  }
  const server = Deno.env.get("ROOMZ_SERVER_URL") ?? "http://localhost:8000";
  const port = Number(Deno.env.get("SIGN_UP_PORT") ?? 8080);
  using storage = new KvStorage(path);
  const keys = key.trim().split(/\s+/);
  const accounts = new FleetAccounts({ storage, fleet: helper.name, keys });
  const handler = signUpPage({ server, bot: helper.name, accounts, log: console.log });
  await Deno.serve({ hostname: "127.0.0.1", port }, handler).finished;
}
