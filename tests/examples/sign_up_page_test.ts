import {
  type FleetAccount,
  FleetAccounts,
  KvStorage,
  newFleetKey,
  runFleet,
} from "@roomz/roomz/bot";
import { AsyncClient, AuthenticationError, ConnectionError } from "@roomz/roomz/client";
import { createDevServer } from "@roomz/roomz/dev-server";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import helper from "../../examples/helper_bot.ts";
import { signUpPage, type SignUpPageOptions } from "../../examples/sign_up_page.ts";
import { RecordingLogger } from "../bot/support/bot_log.ts";
import { axeSource, findChromium, type Page } from "../support/chromium.ts";
import { RunningCommand } from "../support/running_command.ts";
import { skip } from "../support/skip.ts";
import { within } from "../support/within.ts";

const ADA = "ada@example.com";
const LINK = "https://roomz.example/auth/verify?token=abc";

/** A Roomz server that mails links to a list. */
async function openServer(clock?: () => number) {
  const links: string[] = [];
  const server = await createDevServer({
    port: 0,
    allowedEmails: [ADA],
    log: () => {},
    onMagicLink: ({ url }) => void links.push(url),
    ...(clock === undefined ? {} : { clock }),
  });
  return { server, links };
}

/** The page without a Roomz server, what it has logged, and posts to it. */
function openPage(options: Partial<SignUpPageOptions>) {
  const log: string[] = [];
  const handle = signUpPage({
    server: "http://127.0.0.1:9",
    bot: "helper",
    accounts: { add: () => Promise.reject(new Error("not expected")) },
    log: (line) => log.push(line),
    ...options,
  });
  const post = async (path: string, fields: Record<string, string>, headers = {}) => {
    const body = new URLSearchParams(fields);
    const url = `http://127.0.0.1:8080${path}`;
    const response = await handle(new Request(url, { method: "POST", body, headers }));
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  return { handle, post, log };
}

const account: FleetAccount = {
  id: "a",
  server: "http://roomz.example",
  email: ADA,
  expires: new Date("2026-12-24T10:00:00Z"),
  setAside: null,
};

Deno.test("the page adds the account of the link, whatever host it names, and says until when", async () => {
  const added: unknown[] = [];
  const { post, log } = openPage({
    server: "http://10.0.0.1:8000",
    accounts: { add: (one) => (added.push(one), Promise.resolve(account)) },
  });
  const { status, text } = await post("/account", { link: `  ${LINK}\n` });
  assertEquals(status, 200);
  assertStringIncludes(text, "The bot is in your room");
  assertStringIncludes(text, "2026-12-24");
  assertEquals(added, [{ server: "http://10.0.0.1:8000", token: "abc" }]);
  assertEquals(log, [`${ADA} has signed up`]);
});

Deno.test("what people type is escaped", async () => {
  const { server, links } = await openServer();
  await using _server = server;
  const { post } = openPage({ server: server.url });
  const { status, text } = await post("/link", { email: `"><script>alert('x')</script>&@x.de` });
  assert(status >= 400);
  assert(!text.includes("<script>"), text);
  assertStringIncludes(text, "&#34;&#62;&#60;script&#62;");
  assertEquals(links, []);
});

Deno.test("the page says why there is no link, with the right status", async () => {
  let now = Date.now();
  const { server, links } = await openServer(() => now);
  const { post, log } = openPage({ server: server.url });
  {
    await using _server = server;
    assertEquals((await post("/link", { email: "ada" })).status, 400);
    const refused = await post("/link", { email: "eve@example.com" });
    assertEquals(refused.status, 403);
    assertStringIncludes(refused.text, "does not accept eve@example.com. Ask whoever runs it.");
    for (let count = 0; count < 5; count++) {
      assertEquals((await post("/link", { email: ADA })).status, 200);
    }
    const limited = await post("/link", { email: ADA });
    assertEquals([limited.status, limited.headers.get("retry-after")], [429, "3600"]);
    assertStringIncludes(limited.text, "try again in 60 minutes");
    now += 3_600_000;
    assertEquals((await post("/link", { email: ADA })).status, 200);
    assertEquals(links.length, 6);
    assertEquals(log, []);
  }
  const down = await post("/link", { email: ADA });
  assertEquals([down.status, down.headers.get("retry-after")], [502, "60"]);
  assertStringIncludes(down.text, "The Roomz server does not answer.");
  assertEquals(log.length, 1);
});

Deno.test("the page passes on how long the Roomz server asks to wait", async () => {
  await using http = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    const problem = { type: "about:blank", title: "Too Many", status: 429, detail: "Slow down." };
    return Response.json(problem, { status: 429, headers: { "Retry-After": "90" } });
  });
  const { post } = openPage({ server: `http://127.0.0.1:${http.addr.port}` });
  const { status, headers, text } = await post("/link", { email: ADA });
  assertEquals([status, headers.get("retry-after")], [429, "90"]);
  assertStringIncludes(text, "try again in 2 minutes");
});

Deno.test("the page says why an account was not added, and logs no link", async () => {
  const cases: readonly [Error | undefined, string, number, string, number][] = [
    [undefined, "hello", 400, "That is not the link in the mail", 0],
    [undefined, "https://roomz.example/auth/verify?token=%22", 400, "That is not the link", 0],
    [new AuthenticationError("It was used."), LINK, 403, "It was used. Request a new link.", 0],
    [new ConnectionError("No answer."), LINK, 502, "with the same link", 1],
    [new Error("The disk is full."), LINK, 503, "Your sign-up could not be stored.", 1],
  ];
  for (const [error, link, expected, part, lines] of cases) {
    const { post, log } = openPage({
      accounts: { add: () => Promise.reject(error ?? new Error("not expected")) },
    });
    const { status, text } = await post("/account", { link });
    assertEquals(status, expected);
    assertStringIncludes(text, part);
    assertEquals(log.length, lines);
    assert(!log.join().includes("abc"));
  }
});

Deno.test("the page refuses what its own form would not send", async () => {
  const { handle, post } = openPage({});
  assertEquals(
    (await post("/link", { email: ADA }, { "sec-fetch-site": "cross-site" })).status,
    403,
  );
  assertEquals((await post("/link", { email: "a".repeat(5_000) })).status, 413);
  assertEquals((await post("/other", {})).status, 404);
  const reload = await handle(new Request("http://127.0.0.1:8080/account"));
  assertEquals([reload.status, reload.headers.get("location")], [303, "/"]);
});

Deno.test("the page serves twenty requests at once, and asks others to come back", async () => {
  const { promise, resolve } = Promise.withResolvers<FleetAccount>();
  const { post } = openPage({ accounts: { add: () => promise } });
  const waiting = Array.from({ length: 20 }, () => post("/account", { link: LINK }));
  const { status, headers } = await post("/account", { link: LINK });
  assertEquals([status, headers.get("retry-after")], [503, "5"]);
  resolve(account);
  assertEquals(new Set((await Promise.all(waiting)).map((one) => one.status)), new Set([200]));
  assertEquals((await post("/account", { link: LINK })).status, 200);
});

Deno.test("the page runs with the permissions that it names", async () => {
  const { server, links } = await openServer();
  await using _server = server;
  const folder = await Deno.makeTempDir();
  const config = Deno.env.get("ROOMZ_DENO_CONFIG") ??
    fromFileUrl(import.meta.resolve("../../deno.json"));
  const port = freePort();
  const command = new RunningCommand(
    new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        "--no-lock",
        `--config=${config}`,
        "--unstable-kv",
        `--allow-read=${folder}`,
        `--allow-write=${folder}`,
        "--allow-net=127.0.0.1",
        "--allow-env=ROOMZ_SERVER_URL,ROOMZ_FLEET_STORAGE,ROOMZ_FLEET_KEY,SIGN_UP_PORT",
        fromFileUrl(import.meta.resolve("../../examples/sign_up_page.ts")),
      ],
      env: {
        ROOMZ_FLEET_STORAGE: `${folder}/fleet.kv`,
        ROOMZ_SERVER_URL: server.url,
        ROOMZ_FLEET_KEY: newFleetKey(),
        SIGN_UP_PORT: `${port}`,
        NO_COLOR: "1",
      },
      stdout: "piped",
      stderr: "piped",
    }).spawn(),
    false,
  );
  try {
    await command.says(/Listening on/);
    const post = async (path: string, fields: Record<string, string>) => {
      const body = new URLSearchParams(fields);
      return await (await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body }))
        .text();
    };
    assertStringIncludes(await post("/link", { email: ADA }), "Roomz has mailed a link");
    const [link = ""] = links;
    assertStringIncludes(await post("/account", { link }), "The bot is in your room");
    await command.says(/ada@example\.com has signed up/);
  } finally {
    await command.stop();
    await Deno.remove(folder, { recursive: true });
  }
});

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

const found = await findChromium();
if ("missing" in found) skip("the sign-up page was not tried in a browser", found.missing);
else {
  Deno.test("someone signs up in a browser, and the bot answers in their room", async () => {
    const { server, links } = await openServer();
    await using _server = server;
    const folder = await Deno.makeTempDir();
    const keys = [newFleetKey()];
    const storage = new KvStorage(`${folder}/fleet.kv`);
    const stop = new AbortController();
    const logger = new RecordingLogger();
    const running = runFleet(helper, {
      storage,
      keys,
      lease: 1_200,
      signal: stop.signal,
      logger,
    });
    const log: string[] = [];
    const accounts = new FleetAccounts({ storage, fleet: helper.name, keys });
    const handle = signUpPage({
      server: server.url,
      bot: helper.name,
      accounts,
      log: (line) => log.push(line),
    });
    const browser = await found.launch();
    try {
      await using http = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handle);
      const context = await browser.newContext({ bypassCSP: true });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(`${error}`));
      await page.setViewportSize({ width: 360, height: 640 });
      await page.goto(`http://127.0.0.1:${http.addr.port}/`);
      await isReadable(page);
      await page.fill("#email", "eve@example.com");
      await page.click("button");
      assertStringIncludes(await page.textContent("[role=alert]") ?? "", "does not accept eve@");
      await page.fill("#email", ADA);
      await page.click("button");
      await isReadable(page);
      const [link = ""] = links;
      await page.fill("#link", `${server.url}/auth/verify?token=wrong`);
      await page.click("button");
      assertStringIncludes(await page.textContent("[role=alert]") ?? "", "Request a new link.");
      await isReadable(page);
      await page.fill("#email", ADA);
      await page.click("button");
      await page.fill("#link", link);
      await page.click("button");
      assertEquals(await page.textContent("h1"), "The bot is in your room");
      await isReadable(page);
      // Chromium itself writes that a response was 403.
      assertEquals(complaints.filter((text) => !text.startsWith("Failed to load resource")), []);
      await context.close();

      await within(20_000, "the bot", logger.wrote(`helper: ready for ${ADA}`));
      await using phone = await AsyncClient.open(server.url, await server.mintSession(ADA));
      const answer = phone.messages();
      await phone.send("!ping");
      for await (const { content, user } of answer) {
        if (content === "!ping") continue;
        assertEquals([content, user.display_name], ["pong", "helper"]);
        break;
      }
      assertEquals(log, [`${ADA} has signed up`]);
      const token = new URL(link).searchParams.get("token") ?? "";
      assert(!logger.lines.concat(log).join().includes(token));
    } finally {
      await browser.close();
      stop.abort();
      await running;
      storage[Symbol.dispose]();
      await Deno.remove(folder, { recursive: true });
    }
  });
}

/** Nothing is wider than the screen, and axe-core, if it is here, finds nothing. */
async function isReadable(page: Page): Promise<void> {
  assertEquals(await page.evaluate("document.documentElement.scrollWidth"), 360);
  const axe = await axeSource();
  if (axe === undefined) return;
  await page.evaluate(axe);
  const found: string[] = await page.evaluate(
    "axe.run().then(({ violations }) => violations.map((one) => `${one.id}: ${one.help}`))",
  );
  assertEquals(found, []);
}
