import { assertEquals, assertNotMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { untraced } from "../../../client/auth/untraced.ts";
import { sessionJwt } from "../support/session_jwt.ts";

Deno.test("without OpenTelemetry the task runs, and its result or error is passed on", () => {
  assertEquals(untraced(() => 5), 5);
  let caught: unknown;
  try {
    untraced(() => {
      throw "failed";
    });
  } catch (error) {
    caught = error;
  }
  assertEquals(caught, "failed");
});

/** How a server answers a login; whatever it does, the token must not get into a trace. */
const answers: readonly [name: string, answer: () => Response | Promise<Response>][] = [
  ["with a session", () => {
    const headers = { Location: "/", "Set-Cookie": `session_token=${sessionJwt()}; Path=/` };
    return new Response(null, { status: 302, headers });
  }],
  [
    "with a refusal",
    () => new Response(null, { status: 302, headers: { Location: "/?error=invalid_token" } }),
  ],
  [
    "with a redirect to itself with the token",
    () => new Response(null, { status: 307, headers: { Location: "?token=SECRET" } }),
  ],
  ["with an error page", () => new Response("<html>", { status: 502 })],
  ["not at all", () => new Promise<Response>(() => {})],
  [
    "with an error of the connection",
    () => new Response(new ReadableStream({ start: (controller) => controller.error("reset") })),
  ],
];

for (const [name, answer] of answers) {
  Deno.test(`with OTEL_DENO=true no span of a login has its token: the server answers ${name}`, async () => {
    const abort = new AbortController();
    const server = Deno.serve({
      ...{ hostname: "127.0.0.1", port: 0, signal: abort.signal },
      onListen() {},
      onError: () => new Response("", { status: 500 }),
    }, ({ url }) => url.includes("/auth/verify") ? answer() : new Response("", { status: 404 }));
    const url = `http://127.0.0.1:${server.addr.port}`;
    const program = `
      import { AsyncClient } from ${JSON.stringify(here("../../../client/mod.ts"))};
      const client = new AsyncClient("${url}", "SECRET", { connectionTimeout: 500 });
      await client.connect().catch(() => {});
      await (await fetch("${url}/traced")).body?.cancel();
    `;
    const file = await Deno.makeTempFile({ suffix: ".ts" });
    await Deno.writeTextFile(file, program);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-config", "--no-lock", "--no-check", file],
      env: { OTEL_DENO: "true", OTEL_EXPORTER_OTLP_PROTOCOL: "console", NO_COLOR: "1" },
      signal: AbortSignal.timeout(20_000),
    }).output();
    const output = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assertEquals(code, 0, output);
    assertStringIncludes(output, `${url}/traced`, "tracing is on");
    assertNotMatch(output, /SECRET/);
    await Deno.remove(file);
    abort.abort();
    await server.finished;
  });
}

function here(path: string): string {
  return fromFileUrl(new URL(path, import.meta.url));
}
