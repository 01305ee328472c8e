import { ConfigurationError } from "@roomz/roomz/client";
import { assertEquals, assertNotMatch, assertThrows } from "@std/assert";
import { parseServerUrl } from "../../../client/base/server_url.ts";

const socketPath = "/socket.io/?EIO=4&transport=websocket";

const valid: readonly [url: string, href: string, webSocket: string][] = [
  ["http://localhost:8000", "http://localhost:8000", "ws://localhost:8000"],
  ["http://localhost:8000/", "http://localhost:8000", "ws://localhost:8000"],
  ["https://roomz.example", "https://roomz.example", "wss://roomz.example"],
  ["https://roomz.example:443/", "https://roomz.example", "wss://roomz.example"],
  ["ws://localhost:8000", "http://localhost:8000", "ws://localhost:8000"],
  ["wss://roomz.example", "https://roomz.example", "wss://roomz.example"],
  ["https://a.example/chat", "https://a.example/chat", "wss://a.example/chat"],
  ["https://a.example/chat//", "https://a.example/chat", "wss://a.example/chat"],
  ["https://a.example/a%20b/", "https://a.example/a%20b", "wss://a.example/a%20b"],
  ["HTTP://LocalHost:8000", "http://localhost:8000", "ws://localhost:8000"],
  ["http://[::1]:8000", "http://[::1]:8000", "ws://[::1]:8000"],
  ["  http://localhost:8000  ", "http://localhost:8000", "ws://localhost:8000"],
  ["http://a.example/?x=1#y", "http://a.example", "ws://a.example"],
];

for (const [url, href, webSocket] of valid) {
  Deno.test(`the server URL ${JSON.stringify(url)} is ${href}`, () => {
    assertEquals(parseServerUrl(url), { href, webSocket: webSocket + socketPath });
  });
}

Deno.test("a server URL may be a URL object", () => {
  assertEquals(parseServerUrl(new URL("http://localhost:8000/x/")).href, "http://localhost:8000/x");
});

const invalid = [
  "",
  "localhost",
  "localhost:8000",
  "//localhost:8000",
  "http://",
  "ftp://localhost",
  "file:///etc/passwd",
  "http://localhost:99999",
];

for (const url of invalid) {
  Deno.test(`${JSON.stringify(url)} is not a server URL, and the error shows a valid one`, () => {
    assertThrows(() => parseServerUrl(url), ConfigurationError, '"http://localhost:8000"');
  });
}

for (
  const url of ["http://me:hunter2@a.example", "http://hunter2@a.example", "https://:hunter2@a"]
) {
  Deno.test(`${url} is refused, and its password is not quoted`, () => {
    const { message } = assertThrows(() => parseServerUrl(url), ConfigurationError, "magic link");
    assertNotMatch(message, /hunter2/);
  });
}

Deno.test("a mistyped URL is not quoted: it may contain a password", () => {
  const { message } = assertThrows(() => parseServerUrl("htp://me:hunter2@a"), ConfigurationError);
  assertNotMatch(message, /hunter2/);
});

Deno.test("the last URL is remembered: another one, and the first again, are parsed as before", () => {
  const urls = [
    "http://one.test",
    "http://two.test/",
    "ws://one.test",
    "http://one.test",
    "bad",
    "http://one.test",
  ];
  const parsed = urls.map((url) => {
    try {
      return parseServerUrl(url).href;
    } catch {
      return "refused";
    }
  });
  const one = "http://one.test";
  assertEquals(parsed, [one, "http://two.test", one, one, "refused", one]);
  assertEquals(parseServerUrl(new URL("http://one.test/a")).href, "http://one.test/a");
});
