import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { CommandError } from "../../../cli/command_line/exit_code.ts";
import { listen } from "../../../cli/http/listen.ts";
import { addressText, listenAddress } from "../../../cli/http/listen_address.ts";

Deno.test("a server listens on a free port until it is disposed", async () => {
  let url: string;
  {
    using server = listen("--listen", listenAddress("--listen", "0"), () => new Response("hello"));
    url = `http://${addressText(server.address)}`;
    assertEquals(await (await fetch(url)).text(), "hello");
  }
  await assertRejects(() => fetch(url), TypeError);
});

Deno.test("a port in use is an error that names the option", () => {
  using server = listen("--listen", listenAddress("--listen", "0"), () => new Response());
  const where = addressText(server.address);
  assertThrows(
    () => listen("--health", server.address, () => new Response()),
    CommandError,
    `--health cannot listen on ${where}: another program listens there. End it, or choose another port.`,
  );
});

Deno.test("an address of another machine is an error", () => {
  assertThrows(
    () => listen("--health", { hostname: "192.0.2.1", port: 0 }, () => new Response()),
    CommandError,
    "--health cannot listen on 192.0.2.1:0: ",
  );
});

Deno.test({
  name: "a missing permission is an error that names it",
  permissions: { net: ["127.0.0.1:1"] },
  fn() {
    assertThrows(
      () => listen("--health", { hostname: "127.0.0.1", port: 8081 }, () => new Response()),
      CommandError,
      "--health cannot listen on 127.0.0.1:8081: that needs the permission --allow-net=127.0.0.1:8081.",
    );
  },
});
