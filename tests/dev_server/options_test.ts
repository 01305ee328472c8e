/**
 * The options that the server rejects.
 * @module
 */
import { createDevServer, DevServerError, type DevServerOptions } from "@roomz/roomz/dev-server";
import { assertEquals, assertInstanceOf, assertRejects, assertStringIncludes } from "@std/assert";
import { BLOCKED_PORTS } from "../../dev_server/http/blocked_ports.ts";
import { leakChecked } from "./support/leak_checked.ts";

const refused: readonly (readonly [name: string, options: DevServerOptions, message: string])[] = [
  ["a port out of range", { allowedEmails: "*", port: 65_536 }, "0 to 65535, not 65536"],
  ["a port with a fraction", { allowedEmails: "*", port: 80.5 }, "port must be a whole number"],
  ["an empty host name", { allowedEmails: "*", hostname: "" }, '"127.0.0.1" for this machine'],
  ["a short secret", { allowedEmails: "*", jwtSecret: "x".repeat(31) }, "has 31 characters"],
  ["a heartbeat interval of zero", { allowedEmails: "*", pingInterval: 0 }, "pingInterval must be"],
  [
    "an infinite heartbeat timeout",
    { allowedEmails: "*", pingTimeout: Infinity },
    "not Infinity",
  ],
  ["a negative capacity", { allowedEmails: "*", maxConnections: -1 }, "maxConnections must be"],
  ["a maximum frame size that is not a number", { allowedEmails: "*", maxPayload: NaN }, "not NaN"],
  ["an invalid address", { allowedEmails: ["ada@example.com", "bob"] }, 'contains "bob"'],
];

for (const [name, options, message] of refused) {
  leakChecked(`${name} is rejected with the reason and a remedy`, async () => {
    await assertRejects(() => createDevServer(options), DevServerError, message);
  });
}

for (const port of [1, 25, 2049, 5060, 6000, 6667, 6697, 10_080]) {
  leakChecked(`port ${port}, which fetch blocks, is rejected with the reason`, async () => {
    const message = `Port ${port} is blocked by the Fetch standard`;
    await assertRejects(
      () => createDevServer({ allowedEmails: "*", port }),
      DevServerError,
      message,
    );
  });
}

leakChecked("fetch blocks every port that the server rejects", async () => {
  for (const port of BLOCKED_PORTS) {
    await assertRejects(() => fetch(`http://127.0.0.1:${port}`), TypeError, "blocked");
  }
});

leakChecked("the error for a short secret does not contain it", async () => {
  const error = await createDevServer({ allowedEmails: "*", jwtSecret: "hunter2" })
    .catch((error) => error);
  assertInstanceOf(error, DevServerError);
  assertEquals(Deno.inspect(error).includes("hunter2"), false);
});

leakChecked("a port in use is rejected with the port and a remedy", async () => {
  using taken = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const error = await createDevServer({ allowedEmails: "*", port: taken.addr.port })
    .catch((error) => error);
  assertInstanceOf(error, DevServerError);
  assertStringIncludes(error.message, `Port ${taken.addr.port} of 127.0.0.1 is in use`);
  assertStringIncludes(error.message, "0 selects any free one");
});

leakChecked("an unknown host name is rejected with the reason", async () => {
  await assertRejects(
    () => createDevServer({ allowedEmails: "*", port: 0, hostname: "nowhere.invalid" }),
    DevServerError,
    "Choose an address of this machine",
  );
});

leakChecked("after a port in use, another server starts on a free port", async () => {
  await using first = await createDevServer({ allowedEmails: "*", port: 0 });
  await assertRejects(
    () => createDevServer({ allowedEmails: "*", port: first.port }),
    DevServerError,
  );
  await using second = await createDevServer({ allowedEmails: "*", port: 0 });
  assertEquals(first.port === second.port, false);
});
