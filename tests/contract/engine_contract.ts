/**
 * Contract: Engine.IO, byte for byte: targets, cookies, ids, and packets that few clients send.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Peer } from "./support/differential/peer.ts";
import { exchange } from "./support/differential/raw_http.ts";
import type { HeaderTemplate, Transport } from "./support/differential/scenario.ts";
import type { ContractTest, Scene } from "./support/scene.ts";

const WEB_SOCKET = "/socket.io/?EIO=4&transport=websocket";

function cookie(session: string): readonly HeaderTemplate[] {
  return [["Cookie", `session_token=${session}`]];
}

/** Opens a connection that has not joined. */
async function open(
  scene: Scene,
  transport: Transport = "websocket",
  headers?: readonly HeaderTemplate[],
  target = transport === "websocket" ? WEB_SOCKET : "/socket.io/",
): Promise<Peer> {
  const peer = await Peer.open(
    scene.url,
    transport,
    target,
    headers ?? cookie(await scene.session()),
  );
  scene.use(peer);
  return peer;
}

/** Joins. @returns Whether the session was accepted. */
async function joins(peer: Peer): Promise<boolean> {
  await peer.send("40");
  await peer.waitFor((packet) => /^(40\{|44)/.test(packet));
  peer.joined = peer.received.some((packet) => packet.startsWith("40{"));
  peer.take();
  return peer.joined;
}

async function join(scene: Scene, transport?: Transport): Promise<Peer> {
  const peer = await open(scene, transport);
  assert(await joins(peer));
  return peer;
}

const isEvent = (name: string) => (packet: string) => packet.startsWith(`42["${name}",`);

export function engineContract(test: ContractTest): void {
  test("paths are decoded, and extra leading slashes are ignored", async (scene) => {
    const headers = cookie(await scene.session());
    const statuses = {
      "/auth/me": 200,
      "//auth/me": 200,
      "///auth/me?x=1": 200,
      "/auth/%6de": 200,
      "/auth/%6D%65": 200,
      "/%61uth/me": 200,
      "/auth%2Fme": 200,
      "//%61uth%2fme": 200,
      "/auth//me": 308,
      "/auth///me": 308,
      "/auth/me/": 404,
      "/auth/ME": 404,
      "/auth/%256de": 404,
      "/auth/%zz": 404,
      "/auth/../auth/me": 404,
    };
    for (const [target, status] of Object.entries(statuses)) {
      const response = await exchange(scene.url, { method: "GET", target, headers });
      assertEquals(response.status, status, target);
    }
  });

  test("Engine.IO is served with and without the trailing slash, and on all paths below", async (scene) => {
    const targets = [
      WEB_SOCKET,
      "/socket.io?EIO=4&transport=websocket",
      "/socket.io?transport=websocket&EIO=4&t=x",
      "/socket.io/more?EIO=4&transport=websocket",
      "/%73ocket.io/?EIO=4&transport=websocket",
      "/socket%2Eio?EIO=4&transport=websocket",
    ];
    for (const target of targets) {
      const peer = await open(scene, "websocket", undefined, target);
      assert(await joins(peer), target);
      await peer.close();
    }
    for (
      const path of ["/socket.io", "/socket.io/", "/socket.io/x", "/%73ocket.io", "/socket%2eio/"]
    ) {
      for (const transport of ["polling", "upgraded"] as const) {
        const peer = await open(scene, transport, undefined, path);
        assert(await joins(peer), path);
        await peer.close();
      }
    }
    for (const target of ["//socket.io/?EIO=4&transport=websocket", "/socket.iox?EIO=4", "/x"]) {
      const peer = await open(scene, "websocket", undefined, target);
      assertEquals(peer.take(), ["refused 404"], target);
    }
    for (const query of ["EIO=3&transport=websocket", "EIO=4&transport=x", "transport=websocket"]) {
      const peer = await open(scene, "websocket", undefined, `/socket.io/?${query}`);
      assertEquals(peer.take(), ["refused 403"], query);
    }
  });

  test("the first of several session cookies counts", async (scene) => {
    const good = `session_token=${await scene.session()}`;
    const cases: readonly (readonly [lines: readonly string[], me: boolean, socket: boolean])[] = [
      [[good], true, true],
      [[`a=b; ${good}`], true, true],
      [[`a=b;${good} ;c=d`], true, true],
      [[`${good}; session_token=bad`], true, true],
      [[`session_token=bad; ${good}`], false, false],
      [[`session_token=; ${good}`], false, false],
      [[good.replace("=", '="') + '"'], false, false],
      [[good.replace("s", "S")], false, false],
      [[good.replace("=", " =")], false, false],
      [[`x${good}`], false, false],
      // Only the first of two header lines counts. For a WebSocket the lines are joined with a comma,
      // which becomes part of the last cookie of the first line.
      [[`${good}; a=b`, "c=d"], true, true],
      [[good, "c=d"], true, false],
      [["a=b", good], false, false],
      [["session_token=bad", good], false, false],
      [["a=b; c=d", `e=f; ${good}`], false, true],
    ];
    for (const [lines, me, socket] of cases) {
      const headers = lines.map((line): HeaderTemplate => ["Cookie", line]);
      const shown = lines.join(" | ").replaceAll(good, "GOOD");
      const response = await exchange(scene.url, { method: "GET", target: "/auth/me", headers });
      assertEquals(response.status, me ? 200 : 401, shown);
      const peer = await open(scene, "websocket", headers);
      assertEquals(await joins(peer), socket, shown);
      await peer.close();
    }
  });

  test("an acknowledgement has the exact id of its request, up to 100 digits", async (scene) => {
    const peer = await join(scene);
    const ids = {
      "0": "0",
      "007": "7",
      "00": "0",
      "2147483648": "2147483648",
      "9007199254740991": "9007199254740991",
      "9007199254740993": "9007199254740993",
      "18446744073709551617": "18446744073709551617",
      ["9".repeat(99)]: "9".repeat(99),
      ["1".repeat(100)]: "1".repeat(100),
    };
    for (const [sent, received] of Object.entries(ids)) {
      await peer.send(`42${sent}["message",{}]`);
      assert(await peer.waitFor((packet) => packet.startsWith(`43${received}[`)), sent);
      peer.take();
    }
    await peer.send(`42${"1".repeat(101)}["message",{}]`);
    await peer.settle();
    assertEquals(peer.take(), []);
  });

  test("an unexpected packet 5 is answered with 6 immediately", async (scene) => {
    for (const transport of ["websocket", "polling", "upgraded"] as const) {
      const peer = await open(scene, transport);
      peer.take();
      for (const packet of ["5", "5probe", "5", "5x", '5{"a":1}', "55"]) {
        await peer.send(packet);
        assert(await peer.waitFor((received) => received === "6"), `${transport} ${packet}`);
        assertEquals(peer.take(), ["6"]);
      }
      assert(await joins(peer));
      await peer.sendAll(["5", "5", '421["message",{}]', "5"]);
      await peer.settle();
      await peer.settle();
      const received = peer.take();
      assertEquals(received.filter((packet) => packet === "6").length, 3, transport);
      assertEquals(received.filter((packet) => packet.startsWith("431[")).length, 1, transport);
    }
  });

  test("a client that sends the close packet leaves immediately, but its WebSocket stays open", async (scene) => {
    const watcher = await join(scene);
    for (const transport of ["websocket", "polling", "upgraded"] as const) {
      for (const packet of ["1", "1x"]) {
        const peer = await join(scene, transport);
        await watcher.settle();
        watcher.take();
        const name = `${transport} ${packet.length}`;
        await peer.send(`42["set_display_name",{"display_name":"${name}"}]`);
        await peer.settle();
        peer.mute = true;
        await peer.send(packet);
        assert(await watcher.waitFor(isEvent("user_left")), name);
        const left = watcher.received.find(isEvent("user_left")) ?? "";
        const [, { user, remaining_connections }] = JSON.parse(left.slice(2));
        assertEquals([user.display_name, remaining_connections], [name, 1]);
        // The client that left receives its own user_left and nothing after it.
        assert(await peer.waitFor(isEvent("user_left")), name);
        watcher.take();
        peer.take();
        await watcher.send('42["message",{"content":"is anybody there?"}]');
        await watcher.settle();
        if (transport !== "polling") await peer.send('421["message",{"content":"ignored"}]');
        await watcher.settle();
        assertEquals(watcher.take().length, 1, name);
        assertEquals([peer.take(), peer.closed], [[], false], name);
        await peer.close();
      }
    }
  });

  test("an unknown namespace and a second join are refused with a text", async (scene) => {
    const peer = await join(scene);
    const refusals = {
      "40": '44"Unable to connect"',
      "40{}": '44"Unable to connect"',
      '40/,{"token":"x"}': '44"Unable to connect"',
      "40/?a=b,": '44"Unable to connect"',
      "40/admin,": '44/admin,"Unable to connect"',
      "40/admin": '44/admin,"Unable to connect"',
      '40/a/b?c=d,{"token":"x"}': '44/a/b,"Unable to connect"',
    };
    for (const [sent, received] of Object.entries(refusals)) {
      await peer.send(sent);
      await peer.settle();
      assertEquals(peer.take(), [received], sent);
    }
    await peer.send('421["message",{"content":"still here"}]');
    await peer.settle();
    assertEquals(peer.take().length, 2);
  });

  test("a long polling response is compressed for clients that accept it", async (scene) => {
    const headers = cookie(await scene.session());
    const path = "/socket.io/?EIO=4&transport=polling";
    const first = await exchange(scene.url, { method: "GET", target: path, headers });
    const target = `${path}&sid=${JSON.parse(first.body.slice(1)).sid}`;
    const post = async (body: string) => {
      const { status, body: answer } = await exchange(scene.url, {
        method: "POST",
        target,
        headers,
        body,
      });
      assertEquals([status, answer], [200, "OK"]);
    };
    await post("40");
    let joined = "";
    while (!joined.includes("40{")) {
      joined += (await exchange(scene.url, { method: "GET", target, headers })).body;
    }

    const cases: readonly (readonly [accepted: string, length: number, encoding: string])[] = [
      ["gzip", 990, "gzip"],
      ["deflate", 990, "deflate"],
      ["br, deflate;q=0.1, gzip", 990, "deflate"],
      ["gzip, deflate", 990, "gzip"],
      ["br", 990, ""],
      ["", 990, ""],
      ["gzip", 10, ""],
    ];
    for (const [accepted, length, encoding] of cases) {
      await post(`42["message",{"content":"${"x".repeat(length)}"}]`);
      const response = await exchange(scene.url, {
        method: "GET",
        target,
        headers: [...headers, ["Accept-Encoding", accepted]],
      });
      const header = response.headers.find(([name]) => name === "content-encoding")?.[1] ?? "";
      assertEquals(header, encoding, accepted);
      const text = encoding === "" ? response.body : await decompress(response.bytes, encoding);
      assert(isEvent("message")(text) && text.includes("x".repeat(length)), text);
    }

    // JSONP: the request is a form, the response is a function call.
    await post(`d=${encodeURIComponent('42["message",{"content":"+ %"}]')}`);
    const call = await exchange(scene.url, { method: "GET", target: `${target}&j=12`, headers });
    assert(
      /^___eio\[12\]\("42\[\\"message\\",.*\\"content\\":\\"\+ %\\".*\]"\);$/.test(call.body),
      call.body,
    );
    await post("1");
  });

  test("clients that join simultaneously are announced to each other", async (scene) => {
    const transports = ["websocket", "websocket", "websocket", "upgraded"] as const;
    for (const [round, count] of [2, 2, 2, 2, 2, 3, 4, 5, 8].entries()) {
      const opened = Array.from(
        { length: count },
        (_, index) => open(scene, transports[(round + index) % transports.length]),
      );
      const peers = await Promise.all(opened);
      for (const peer of peers) peer.take();
      await Promise.all(peers.map((peer) => peer.send("40")));
      for (const peer of peers) {
        assert(await peer.waitFor((packet) => packet.startsWith("40{")));
        peer.joined = true;
      }
      for (let i = 0; i < 2; i++) await Promise.all(peers.map((peer) => peer.settle()));
      // In each pair, at least the first receives the join of the second.
      const announced = peers.map((peer) => peer.take().filter(isEvent("user_joined")).length);
      const total = announced.reduce((sum, count) => sum + count, 0);
      assert(total >= count * (count - 1) / 2, `${count}: ${announced}`);
      assert(announced.filter((received) => received === 0).length <= 1, `${count}: ${announced}`);
      await Promise.all(peers.map((peer) => peer.close()));
    }
  });

  test("HEAD uses up a magic link like GET, and other methods do not", async (scene) => {
    const ask = async () => {
      const response = await exchange(scene.url, {
        method: "POST",
        target: "/auth/request-magic-link",
        headers: [["Content-Type", "application/json"]],
        body: JSON.stringify({ email: scene.email }),
      });
      assertEquals(response.status, 200);
      return await scene.server.magicLinkToken(scene.email);
    };
    const verify = async (
      method: string,
      target: string,
      headers: readonly HeaderTemplate[] = [],
    ) => {
      const { status, headers: received } = await exchange(scene.url, { method, target, headers });
      const value = (name: string) => received.find(([key]) => key === name)?.[1];
      return [status, value("location"), value("set-cookie") !== undefined];
    };
    const accepted = [302, "/", true];
    const used = [302, "/?error=invalid_token", false];

    const first = `/auth/verify?token=${await ask()}`;
    assertEquals(await verify("HEAD", first), accepted);
    assertEquals(await verify("GET", first), used);
    assertEquals(await verify("HEAD", first), used);

    const second = `//auth/%76erify?token=${await ask()}`;
    for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
      assertEquals(await verify(method, second), [405, undefined, false], method);
    }
    assertEquals(await verify("OPTIONS", second), [200, undefined, false]);
    assertEquals((await verify("HEAD", second.replace("auth", "auth/")))[0], 308);
    assertEquals(await verify("HEAD", second), accepted);

    const third = `/auth/verify?a=b&token=${await ask()}&token=x`;
    assertEquals(await verify("GET", third, cookie(await scene.session())), accepted);
    const fourth = await ask();
    assertEquals(await verify("HEAD", `/auth/verify?token=x&token=${fourth}`), used);
    assertEquals(await verify("GET", `/auth/verify?token=${fourth}`, cookie("bad")), accepted);
  });
}

async function decompress(bytes: Uint8Array<ArrayBuffer>, encoding: string): Promise<string> {
  const format = encoding === "gzip" ? "gzip" : "deflate";
  return await new Response(
    new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format)),
  ).text();
}
