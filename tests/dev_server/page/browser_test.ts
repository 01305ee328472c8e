/**
 * The page in a real Chromium. Every visitor checks at the end that the page raised no error and no
 * dialog, wrote nothing to the console, such as a violation of its policy, and asked no other server.
 *
 * ROOMZ_PAGE_SHOTS names a folder to save screenshots in.
 * @module
 */
import { type Bot, defineBot, runBot } from "@roomz/roomz/bot";
import { AsyncClient } from "@roomz/roomz/client";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { HOSTILE_TEXTS } from "../../cli/support/hostile_texts.ts";
import { axeSource, type Browser, findChromium, type Page } from "../../support/chromium.ts";
import { skip, skipRest } from "../../support/skip.ts";
import {
  ADA,
  connected,
  hasText,
  openSite,
  SECRET,
  textsOf,
  until,
  Visitor,
} from "./support/visitor.ts";

const found = await findChromium();
let launched: Promise<Browser> | undefined;
const chromium = (): Promise<Browser> => {
  if ("missing" in found) throw new Error(found.missing);
  return launched ??= found.launch();
};

function inBrowser(
  name: string,
  fn: (browser: Browser, t: Deno.TestContext) => Promise<void>,
): void {
  if ("launch" in found) {
    Deno.test(name, async (t) => {
      try {
        await fn(await chromium(), t);
      } catch (error) {
        // Deno reports neither of the two.
        if (!(error instanceof SuppressedError)) throw error;
        throw new Error(`${error.suppressed}\n${error.error}`);
      }
    });
  }
}

if ("missing" in found) skip("the page was not tried in a browser", found.missing);
else Deno.test.afterAll(async () => await (await launched)?.close());

/** Runs a bot in the room until the end of the block. */
function hire(bot: Bot, server: string, token: string): AsyncDisposable {
  const stop = new AbortController();
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const running = runBot(bot, { server, token, signal: stop.signal, logger });
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

async function say(page: Page, text: string): Promise<void> {
  await page.fill("#text", text);
  await page.focus("#text");
  await page.keyboard.press("Enter");
}

inBrowser("a magic link leads to a chat in which a bot answers", async (browser) => {
  await using site = await openSite();
  const bot = defineBot({
    name: "helper",
    commands: { ping: "pong", "twice <text...>": (ctx) => `${ctx.args.text}\n${ctx.args.text}` },
  });
  await using visitor = await Visitor.arrive(browser, site);
  const page = await visitor.tab();
  await page.goto(site.server.url);
  await until(page, `document.activeElement.id === "email"`);
  await page.keyboard.type("eve@example.com");
  await page.keyboard.press("Enter");
  await hasText(page, "#login-problem", "This email is not authorized to access this service.");
  await page.fill("#email", ADA);
  await page.keyboard.press("Enter");
  await until(page, `document.querySelector("#login-outcome").textContent !== ""`);

  await page.goto(await site.link());
  await connected(page);
  assertEquals(page.url(), `${site.server.url}/`);
  assertEquals(await page.evaluate("document.cookie"), "", "the session is out of scripts' reach");
  assertEquals(await page.textContent("#account"), ADA);
  await using _bot = hire(bot, site.server.url, await site.server.mintSession(ADA));
  await hasText(page, ".notice", "Another connection is called helper now.");
  await say(page, "!ping");
  await hasText(page, ".message:not(.own) .content", "pong");
  await page.keyboard.type("!twice a & <b>");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("and more");
  await page.keyboard.press("Enter");
  const text = "a & <b>\nand more";
  await hasText(page, ".message:not(.own) .content", `${text}\n${text}`);
  await until(page, `document.querySelectorAll(".own:not(.pending)").length === 2`);
  assertEquals(await textsOf(page, ".own .content"), ["!ping", `!twice ${text}`]);
  assertEquals(await textsOf(page, ".message:not(.own) .who"), ["helper", "helper"]);
});

inBrowser(
  "a magic link that does not work says why, and is not left in the address",
  async (browser) => {
    await using site = await openSite();
    await using visitor = await Visitor.arrive(browser, site);
    const page = await visitor.tab();
    const link = await site.link();
    await (await fetch(link, { redirect: "manual" })).body?.cancel();
    const problems = [
      [link, "That magic link has expired or was used before. Request a new one."],
      [
        `${site.server.url}/auth/verify`,
        "That magic link is incomplete. Copy the whole link, or request a new one.",
      ],
      [
        `${site.server.url}/?error=<img src=x onerror=alert(1)>`,
        "That magic link did not work. Request a new one.",
      ],
      [`${site.server.url}/?token=secret#secret`, ""],
    ];
    for (const [url = "", problem = ""] of problems) {
      await page.goto(url);
      await until(page, `!document.querySelector("#login").hidden`);
      assertEquals(await page.textContent("#login-problem"), problem);
      assertEquals(page.url(), `${site.server.url}/`);
    }
    await page.goto(await site.link());
    await connected(page);
    await page.goto(link);
    await hasText(page, ".notice", `${problems[0]?.[1]} You are still logged in from before.`);
  },
);

inBrowser(
  "a link opened in another tab logs in the tab that requested it, too",
  async (browser) => {
    await using site = await openSite();
    await using visitor = await Visitor.arrive(browser, site);
    const page = await visitor.tab();
    await page.goto(site.server.url);
    await until(page, `!document.querySelector("#login").hidden`);
    await page.fill("#email", ADA);
    await page.focus("#email");
    await page.keyboard.press("Enter");
    await until(page, `document.querySelector("#login-outcome").textContent !== ""`);
    // Without a window, no tab of Chromium is ever hidden.
    const comeBack = `document.dispatchEvent(new Event("visibilitychange"))`;
    await page.evaluate(comeBack);
    await page.evaluate(`fetch("/auth/me").then(() => true)`);
    assertNotEquals(await page.textContent("#login-outcome"), "");
    await visitor.enter(site);
    await page.evaluate(comeBack);
    await connected(page);
  },
);

inBrowser("two tabs see each other come, speak, take a name and go", async (browser) => {
  await using site = await openSite();
  await using visitor = await Visitor.arrive(browser, site);
  const first = await visitor.enter(site);
  const second = await visitor.tab();
  await second.goto(site.server.url);
  await connected(second);
  await hasText(first, "#connections", "2 connections");
  await second.fill("#name", ' "Phone" & <b> ');
  await second.focus("#name");
  await second.keyboard.press("Enter");
  await hasText(first, ".notice", 'Another connection is called "Phone" & <b> now.');
  await say(second, "hello from the phone");
  await hasText(first, ".message:not(.own) .content", "hello from the phone");
  await hasText(second, ".own .content", "hello from the phone");
  assertEquals(await textsOf(first, ".message .who"), ['"Phone" & <b>']);
  await second.fill("#name", "x".repeat(51));
  await second.focus("#name");
  await second.keyboard.press("Enter");
  await until(second, `document.querySelector("#name").ariaInvalid === "true"`);
  await second.reload();
  await connected(second);
  await say(second, "after the reload");
  await hasText(first, ".message:not(.own) .content", "after the reload");
  assertEquals(await textsOf(first, ".message .who"), ['"Phone" & <b>', '"Phone" & <b>']);
  await second.close();
  await hasText(first, "#connections", "1 connection");
  await hasText(first, ".notice", '"Phone" & <b> left.');
});

inBrowser(
  "when the server restarts, the page comes back and loses nothing silently",
  async (browser) => {
    await using site = await openSite();
    const { port } = site.server;
    await using visitor = await Visitor.arrive(browser, site);
    const page = await visitor.enter(site);
    await page.fill("#name", "laptop");
    await page.focus("#name");
    await page.keyboard.press("Enter");
    await hasText(page, "#name-outcome", "Name set.");
    await site.server.close();
    await until(
      page,
      String.raw`/^Reconnecting in \d+ s \(attempt [2-9]\)$/.test(status.textContent)`
        .replace("status", `document.querySelector("#status")`),
    );
    await hasText(page, ".notice", "Connection lost. What you write stays in the box.");
    assertEquals(await page.textContent("#connections"), "Connections: unknown");
    await say(page, "written while away");
    await hasText(
      page,
      "#announcement",
      "Not connected. Send the message when the page has reconnected.",
    );
    await using restarted = await openSite(port);
    await page.evaluate(`document.querySelector("#retry").click()`);
    await connected(page);
    await hasText(
      page,
      ".notice",
      "Reconnected. Messages that others sent in the meantime were missed.",
    );
    await page.keyboard.press("Enter");
    await hasText(page, ".own .who", "laptop");
    assertEquals(await textsOf(page, ".message .content"), ["written while away"]);

    // This time its logins are void.
    await restarted.server.close();
    await using other = await openSite(port, `another ${SECRET}`);
    await hasText(page, "#login-problem", "Your login has ended. Request a new magic link.");
    await page.goto(await other.link());
    await connected(page);
  },
);

inBrowser(
  "a message that nobody confirmed is said to be, and can be edited again",
  async (browser) => {
    await using site = await openSite();
    await using visitor = await Visitor.arrive(browser, site);
    const page = await visitor.tab();
    let swallow = false;
    let cut = () => Promise.resolve();
    await page.routeWebSocket(/socket\.io/, (toPage) => {
      const toServer = toPage.connectToServer();
      cut = () => toPage.close();
      toPage.onMessage((message) => {
        if (!swallow || !String(message).startsWith("42")) toServer.send(message);
      });
    });
    await page.goto(await site.link());
    await connected(page);
    swallow = true;
    await say(page, "did you get\nthis?");
    await page.fill("#text", "typed on");
    await hasText(page, ".pending .head", "Sending…");
    await cut();
    await hasText(page, ".failed .head", "Not confirmed: it may or may not have arrived.");
    await page.click(".failed button");
    assertEquals(await textsOf(page, ".failed"), []);
    swallow = false;
    await connected(page);
    await page.keyboard.press("Enter");
    await hasText(page, ".own:not(.pending) .content", "did you get\nthis?\ntyped on");
  },
);

inBrowser(
  "hostile texts and names are drawn as text, and nothing in them is run",
  async (browser) => {
    await using site = await openSite();
    await using visitor = await Visitor.arrive(browser, site);
    const page = await visitor.enter(site);
    const texts = [...HOSTILE_TEXTS, ...MARKUP].map((text) => text.toWellFormed())
      .filter((text) => text.trim() !== "");
    assert(texts.length > 370);
    const before = await page.evaluate<number>("document.querySelectorAll('*').length");
    await using eve = await AsyncClient.open(
      site.server.url,
      await site.server.mintSession(ADA),
      { displayName: "eve" },
    );
    await hasText(page, ".notice", "Another connection is called eve now.");
    const names = [...HOSTILE_TEXTS, ...MARKUP].filter((text) => text.length <= 50);
    for (const name of names) await eve.setDisplayName(name);
    await eve.setDisplayName("eve");
    const sent = await Promise.all(texts.map((text) => eve.send(text)));
    assertEquals(sent.filter(({ status }) => status !== "ok"), []);
    await until(page, `document.querySelectorAll(".message").length === ${texts.length}`);

    // The server removes the outer whitespace, of which Python knows more than JavaScript.
    // deno-lint-ignore no-control-regex -- those four
    const outer = /^[\s\x1c-\x1f\x85]+|[\s\x1c-\x1f\x85]+$/g;
    const drawn = await textsOf(page, ".message .content");
    assertEquals(drawn, texts.map((text) => drawnText(text.replace(outer, ""))));
    assertEquals(drawn.filter((text) => UNSAFE.test(text)), []);
    const notices = await textsOf(page, ".notice");
    assert(notices.length > 100, `${notices.length} names were accepted`);
    assertEquals(notices.filter((text) => UNSAFE.test(text)), []);

    // An entry is an item with two paragraphs, a name and a time; a notice is an item.
    const after = await page.evaluate<number>("document.querySelectorAll('*').length");
    assertEquals(after - before, texts.length * 5 + notices.length - 1);
    assertEquals(await page.evaluate("globalThis.hacked"), undefined);
    assertEquals(
      await page.evaluate("document.querySelectorAll('#messages a, img, iframe').length"),
      0,
    );
    await say(page, "still here");
    await hasText(page, ".own .content", "still here");
  },
);

const AT_END = "((log) => log.scrollHeight - log.scrollTop - log.clientHeight < 2)" +
  `(document.querySelector("#log"))`;

/** Texts that run something where a page takes them for HTML, a script or a template. */
const MARKUP = [
  "<script>hacked = 1</script>",
  "<img src=x onerror='hacked = 1'>",
  "<svg/onload=hacked=1>",
  "</p></li></ol><iframe src=//evil.test></iframe>",
  "<a href='javascript:hacked=1'>x</a>",
  "javascript:hacked=1",
  "&lt;script&gt;hacked=1&lt;/script&gt;",
  "&amp;lt;b&amp;gt; &#60;b&#62; &quot;",
  "'\"><meta http-equiv=refresh content='0;//evil.test'>",
  "${hacked=1}{{hacked=1}}<%=1%>",
  "<style>*{display:none}</style>",
  "<base href=//evil.test>",
  "__proto__",
  "\u202e<b>\u2066",
];

// deno-lint-ignore no-control-regex -- this is what must not be drawn
const UNSAFE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** A text as the page draws it, said in another way than there. */
function drawnText(text: string): string {
  let drawn = "";
  for (const character of text.replaceAll("\r\n", "\n")) {
    const code = character.charCodeAt(0);
    if (character === "\n" || character === "\t" || !UNSAFE.test(character)) drawn += character;
    else if (code < 0x20) drawn += String.fromCharCode(code + 0x2400);
    else if (code === 0x7f) drawn += "␡";
    else if (code < 0xa0 || code === 0x2028 || code === 0x2029) drawn += "�";
  }
  return drawn;
}

inBrowser(
  "a text is too long when the server would cut it, which the page says before",
  async (browser) => {
    await using site = await openSite();
    await using visitor = await Visitor.arrive(browser, site);
    const page = await visitor.enter(site);
    const lengths: readonly (readonly [text: string, left: number])[] = [
      ["", 1000],
      ["a", 999],
      ["  a\n", 999],
      ["x".repeat(1000), 0],
      ["x".repeat(1001), -1],
      ["😀".repeat(1000), 0],
      ["&<>\"'", 975],
      ["&".repeat(201), -5],
      ["\x1ca\x85", 999],
      ["\ufeffa", 998],
    ];
    for (const [text, left] of lengths) {
      await page.fill("#text", text);
      const count = Math.abs(left).toLocaleString("en");
      const word = Math.abs(left) === 1 ? "character" : "characters";
      const shown = `${count} ${word} ${left < 0 ? "too many" : "left"}`;
      assertEquals(await page.textContent("#counter"), shown, JSON.stringify(text.slice(0, 9)));
      assertEquals(
        await page.evaluate(`document.querySelector("#text").ariaInvalid`),
        `${left < 0}`,
      );
      assertEquals(await page.textContent("#limit") !== "", left <= 100);
      await page.focus("#text");
      await page.keyboard.press("Enter");
      assertEquals(
        await page.evaluate(`document.querySelector("#text").value`),
        left < 0 || text === "" ? text : "",
      );
    }
    const taken = lengths.filter(([text, left]) => left >= 0 && text !== "");
    await until(page, `document.querySelectorAll(".own:not(.pending)").length === ${taken.length}`);
    const sent = await textsOf(page, ".own .content");
    assertEquals(sent.map((text) => text.length), [1, 1, 1000, 2000, 5, 1, 2]);
  },
);

inBrowser("the keyboard reaches everything, visibly, and is trapped nowhere", async (browser) => {
  await using site = await openSite();
  await using visitor = await Visitor.arrive(browser, site);
  const page = await visitor.enter(site);
  const seen: string[] = [];
  // After the last element it is the browser's turn, then the document's again.
  while (seen.length < 20 && !seen.includes("text")) {
    await page.keyboard.press("Tab");
    const [name = "", outline] = await page.evaluate<string[]>(
      "(({ id, tagName, textContent }, { outlineStyle, outlineWidth }) => " +
        "[tagName === 'BODY' ? tagName : id || textContent, `${outlineStyle} ${outlineWidth}`])" +
        "(document.activeElement, getComputedStyle(document.activeElement))",
    );
    seen.push(name);
    if (name !== "BODY") assertEquals(outline, "solid 3px", name);
  }
  assertEquals(seen, ["Send", "BODY", "logout", "name", "Set", "log", "text"]);
  await page.focus("#text");
  for (const expected of ["log", "Set", "name", "logout"]) {
    await page.keyboard.press("Shift+Tab");
    assertEquals(
      await page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"),
      expected,
    );
  }
});

inBrowser("the page says in words that it has no socket.io-client", async (browser) => {
  await using site = await openSite();
  await using visitor = await Visitor.arrive(browser, site);
  const page = await visitor.tab();
  await page.route(
    "**/page/socket.io.js",
    (route) =>
      route.fulfill({ status: 503, contentType: "text/plain", body: "The chat needs <it>." }),
  );
  await page.goto(await site.link());
  await hasText(page, ".notice", "The chat needs <it>.");
});

inBrowser(
  "the page is legible and accessible, narrow and wide, light and dark",
  async (browser, t) => {
    await using site = await openSite();
    const shots = Deno.env.get("ROOMZ_PAGE_SHOTS");
    const axe = await axeSource();
    if (axe === undefined) {
      await skipRest(t, "the page's accessibility", "axe-core could not be loaded");
    }
    // The policy of the page would keep axe out, as it keeps out everything else.
    const context = await browser.newContext({ bypassCSP: true });
    if (axe !== undefined) await context.addInitScript({ content: axe });
    const page = await context.newPage();
    const widths = [360, 1440];
    const schemes = ["light", "dark"] as const;

    const inspect = async (what: string) => {
      for (const width of widths) {
        for (const colorScheme of schemes) {
          await page.setViewportSize({ width, height: width === 360 ? 740 : 900 });
          await page.emulateMedia({ colorScheme });
          if (what !== "login") await until(page, AT_END);
          const where = `${what}_${width}_${colorScheme}`;
          if (shots !== undefined) await page.screenshot({ path: `${shots}/${where}.png` });
          assert(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where);
          if (axe === undefined) continue;
          const findings = await page.evaluate<{ id: string; impact: string; nodes: unknown[] }[]>(
            "axe.run().then(({ violations }) => violations.map(({ id, impact, nodes }) => " +
              "({ id, impact, nodes: nodes.map((node) => node.html) })))",
          );
          assertEquals(findings, [], where);
        }
      }
    };

    try {
      await page.goto(`${site.server.url}/?error=invalid_token`);
      await until(page, `!document.querySelector("#login").hidden`);
      await inspect("login");

      await page.goto(await site.link());
      await connected(page);
      await using phone = await AsyncClient.open(
        site.server.url,
        await site.server.mintSession(ADA),
        { displayName: "phone" },
      );
      await hasText(page, "#connections", "2 connections");
      await phone.send("Is the build done? The tests took a while the last time that I looked.");
      await say(
        page,
        "Yes:\n\n  1,204 passed\n  0 failed\n\nhttps://example.com/" + "long/".repeat(40),
      );
      await until(page, `document.querySelectorAll(".own:not(.pending)").length === 1`);
      await phone.send("שלום, a word that is read from the right: \u202egnirts");
      await page.fill("#text", "A draft of two lines,\n" + "x".repeat(970));
      await hasText(page, ".notice", "Another connection is called phone now.");
      await until(page, `document.querySelectorAll(".message").length === 3`);
      await inspect("chat");

      await site.server.close();
      await until(page, `!document.querySelector("#retry").hidden`);
      await inspect("lost");
      assertNotEquals(await textsOf(page, "#retry"), []);
    } finally {
      await context.close();
    }
  },
);
