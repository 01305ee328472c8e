/**
 * What the server refuses to start with.
 * @module
 */
import { createDevServer, DevServerError, type DevServerOptions } from "@roomz/roomz/dev-server";
import { assertEquals, assertInstanceOf, assertRejects, assertStringIncludes } from "@std/assert";
import { BLOCKED_PORTS } from "../../dev_server/blocked_ports.ts";
import { leakChecked } from "./support/leak_checked.ts";

const refused: readonly (readonly [name: string, options: DevServerOptions, message: string])[] = [
  ["a port that is not one", { allowedEmails: "*", port: 65_536 }, "port is 65536"],
  ["a port with a fraction", { allowedEmails: "*", port: 80.5 }, "whole number from 0 to 65535"],
  ["an empty host name", { allowedEmails: "*", hostname: "" }, '"127.0.0.1" for this machine'],
  ["a short secret", { allowedEmails: "*", jwtSecret: "x".repeat(31) }, "has 31 characters"],
  ["no heartbeat", { allowedEmails: "*", pingInterval: 0 }, "pingInterval is 0"],
  [
    "an endless heartbeat",
    { allowedEmails: "*", pingTimeout: Infinity },
    "pingTimeout is Infinity",
  ],
  ["a negative capacity", { allowedEmails: "*", maxConnections: -1 }, "maxConnections is -1"],
  ["frames of no size", { allowedEmails: "*", maxPayload: NaN }, "maxPayload is NaN"],
  ["an address that is none", { allowedEmails: ["ada@example.com", "bob"] }, 'has "bob"'],
];

for (const [name, options, message] of refused) {
  leakChecked(`${name} is refused with the reason and what to do`, async () => {
    await assertRejects(() => createDevServer(options), DevServerError, message);
  });
}

for (const port of [1, 25, 2049, 5060, 6000, 6667, 6697, 10_080]) {
  leakChecked(`port ${port}, which no client can reach, is refused with the reason`, async () => {
    const message = `Port ${port} is blocked by the Fetch standard`;
    await assertRejects(
      () => createDevServer({ allowedEmails: "*", port }),
      DevServerError,
      message,
    );
  });
}

leakChecked("every port that is refused is one that fetch blocks", async () => {
  for (const port of BLOCKED_PORTS) {
    await assertRejects(() => fetch(`http://127.0.0.1:${port}`), TypeError, "blocked");
  }
});

leakChecked("a secret is not repeated in the error that refuses it", async () => {
  const error = await createDevServer({ allowedEmails: "*", jwtSecret: "hunter2" })
    .catch((error) => error);
  assertInstanceOf(error, DevServerError);
  assertEquals(Deno.inspect(error).includes("hunter2"), false);
});

leakChecked("a port in use is refused with the port and a way out", async () => {
  using taken = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const error = await createDevServer({ allowedEmails: "*", port: taken.addr.port })
    .catch((error) => error);
  assertInstanceOf(error, DevServerError);
  assertStringIncludes(error.message, `Port ${taken.addr.port} of 127.0.0.1 is in use`);
  assertStringIncludes(error.message, "0 takes any free one");
});

leakChecked("a host name that does not exist is refused with the reason", async () => {
  await assertRejects(
    () => createDevServer({ allowedEmails: "*", port: 0, hostname: "nowhere.invalid" }),
    DevServerError,
    "Choose an address of this machine",
  );
});

leakChecked("a server that found its port in use starts on another one", async () => {
  await using first = await createDevServer({ allowedEmails: "*", port: 0 });
  await assertRejects(
    () => createDevServer({ allowedEmails: "*", port: first.port }),
    DevServerError,
  );
  await using second = await createDevServer({ allowedEmails: "*", port: 0 });
  assertEquals(first.port === second.port, false);
});
