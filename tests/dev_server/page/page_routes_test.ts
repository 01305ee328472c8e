/**
 * The page over HTTP: who gets it, and what its headers allow.
 * @module
 */
import { createDevServer, type DevServer } from "@roomz/roomz/dev-server";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { leakChecked } from "../support/leak_checked.ts";

/** What Chromium, Firefox and Safari send when they load a page, and other headers that name HTML. */
const BROWSERS = [
  "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8",
  "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
  "text/html",
  "TEXT/HTML; charset=utf-8",
  "application/json;q=0.9, text/html;q=0.1",
];

/** What programs send. */
const PROGRAMS = [
  "*/*",
  "",
  "application/json",
  "text/*",
  "text/html;q=0",
  "text/html-sandboxed",
  "application/json, text/html;q=0.0, */*",
];

const FILES = ["/page/chat.css", "/page/chat.js", "/page/icon.svg", "/page/socket.io.js"];

function startServer(): Promise<DevServer> {
  return createDevServer({ port: 0, allowedEmails: "*", log: () => {} });
}

function get(url: string, accept: string): Promise<Response> {
  return fetch(url, { headers: { accept }, redirect: "manual" });
}

leakChecked("browsers get the page, also after a magic link that failed", async () => {
  await using server = await startServer();
  for (const accept of BROWSERS) {
    for (const path of ["/", "/?error=invalid_token"]) {
      const response = await get(server.url + path, accept);
      assertEquals(response.status, 200);
      assertEquals(response.headers.get("content-type"), "text/html; charset=utf-8");
      assertStringIncludes(await response.text(), "<h1>Log in to Roomz</h1>", accept);
    }
  }
});

leakChecked("programs get what they always got", async () => {
  await using server = await startServer();
  for (const accept of PROGRAMS) {
    const response = await get(server.url, accept);
    assertEquals([...response.headers.keys()].toSorted(), [
      "connection",
      "content-length",
      "content-type",
      "date",
      "keep-alive",
    ], accept);
    assertStringIncludes(await response.text(), "<h1>Roomz development server</h1>", accept);
  }
});

leakChecked("a browser's requests to the API are answered like those of programs", async () => {
  await using server = await startServer();
  const [browser = ""] = BROWSERS;
  for (const path of ["/auth/me", "/auth/verify", "/auth/verify?token=x", "/nope", "/socket.io/"]) {
    const answers = await Promise.all(["*/*", browser].map(async (accept) => {
      const response = await get(server.url + path, accept);
      const headers = [...response.headers].filter(([name]) => name !== "date");
      return { status: response.status, headers, text: await response.text() };
    }));
    assertEquals(answers[1], answers[0], path);
  }
});

leakChecked(
  "the page may load from its own server only, and run nothing made from text",
  async () => {
    await using server = await startServer();
    const response = await get(server.url, BROWSERS[0] ?? "");
    await response.text();
    const policy = (response.headers.get("content-security-policy") ?? "").split("; ");
    assertEquals(policy.toSorted(), [
      "base-uri 'none'",
      "connect-src 'self'",
      "default-src 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "img-src 'self'",
      "require-trusted-types-for 'script'",
      "script-src 'self'",
      "style-src 'self'",
      "trusted-types 'none'",
    ]);
    assertEquals(response.headers.get("vary"), "Accept");
  },
);

leakChecked("no response of the page is cached, guessed at, or named to others", async () => {
  await using server = await startServer();
  for (const path of ["/", ...FILES]) {
    const response = await get(server.url + path, BROWSERS[0] ?? "");
    assert((await response.text()).length > 50, path);
    assertEquals(response.status, 200, path);
    assertEquals(response.headers.get("cache-control"), "no-store", path);
    assertEquals(response.headers.get("x-content-type-options"), "nosniff", path);
    assertEquals(response.headers.get("referrer-policy"), "no-referrer", path);
  }
});

leakChecked(
  "the page has no script or style in its HTML, and loads only what is there",
  async () => {
    await using server = await startServer();
    const html = await (await get(server.url, "text/html")).text();
    assertEquals(html.match(/<script(?! src="[^"]+" defer><\/script>)/g), null);
    assertEquals(html.match(/<style|\sstyle=|\son\w+=|javascript:|https?:/gi), null);
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = ""]) => path);
    assertEquals(loaded.toSorted(), FILES);
  },
);

leakChecked("the page's files have their types, and other methods get 405", async () => {
  await using server = await startServer();
  const types = ["text/css", "text/javascript", "image/svg+xml", "text/javascript"];
  for (const [index, path] of FILES.entries()) {
    const response = await fetch(server.url + path);
    await response.body?.cancel();
    assertEquals(response.headers.get("content-type"), `${types[index]}; charset=utf-8`);
    const posted = await fetch(server.url + path, { method: "POST" });
    await posted.body?.cancel();
    assertEquals(posted.status, 405);
  }
});

Deno.test("without socket.io-client, its file is a 503 that says what is missing", async () => {
  const cache = await Deno.makeTempDir();
  const routes = new URL("../../../dev_server/page/page_routes.ts", import.meta.url).href;
  const code = `
    import { pageRoutes } from ${JSON.stringify(routes)};
    const log = [];
    const reply = await pageRoutes((text) => log.push(text)).get("/page/socket.io.js").answer({});
    console.log(JSON.stringify({ reply, log }));`;
  try {
    const program = `${cache}/program.ts`;
    await Deno.writeTextFile(program, code);
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-config", "--no-lock", "--quiet", "--no-check", "-A", program],
      stdout: "piped",
      stderr: "null",
      // An empty cache, and a registry where nobody listens.
      env: { DENO_DIR: cache, NPM_CONFIG_REGISTRY: "http://127.0.0.1:1/" },
    }).output();
    const { reply, log } = JSON.parse(new TextDecoder().decode(stdout));
    assertEquals([reply.status, reply.headers["content-type"]], [503, "text/plain; charset=utf-8"]);
    assertMatch(
      reply.body,
      /^The chat needs npm:socket\.io-client@4\.8\.4, which the server could not/,
    );
    assertMatch(log.join(), /could not load npm:socket\.io-client@4\.8\.4: /);
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
});
