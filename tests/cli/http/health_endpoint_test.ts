import { assertEquals } from "@std/assert";
import { healthEndpoint } from "../../../cli/http/health_endpoint.ts";

const requests: readonly [
  request: [method: string, path: string],
  healthy: boolean,
  answer: string,
][] = [
  [["GET", "/healthz"], true, "200 fine\n"],
  [["GET", "/healthz?verbose"], true, "200 fine\n"],
  [["HEAD", "/healthz"], true, "200 fine\n"],
  [["GET", "/healthz"], false, "503 ill\n"],
  [["POST", "/healthz"], true, "405 Send a GET.\n"],
  [["GET", "/"], true, "404 Only /healthz is here.\n"],
  [["GET", "/healthz/x"], true, "404 Only /healthz is here.\n"],
];
for (const [[method, path], healthy, answer] of requests) {
  Deno.test(`${method} ${path} is answered with ${answer.trim()}`, async () => {
    const endpoint = healthEndpoint(() => ({ healthy, text: healthy ? "fine" : "ill" }));
    const response = endpoint(new Request(`http://127.0.0.1${path}`, { method }));
    assertEquals(`${response.status} ${await response.text()}`, answer);
    assertEquals(response.headers.get("cache-control"), "no-store");
  });
}
