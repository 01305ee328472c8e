import type { FleetHealthReport } from "@roomz/roomz/bot";
import { assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { hostFigures } from "../../../cli/fleet/host_figures.ts";
import { metricsEndpoint } from "../../../cli/fleet/metrics_endpoint.ts";
import { metricsText } from "../../../cli/fleet/metrics_text.ts";
import { reportSkipped } from "../../support/skip.ts";

const REPORT: FleetHealthReport = {
  healthy: true,
  hasLease: true,
  text: "41 of 42 accounts connected",
  accounts: { answering: 40, standingBy: 1, connecting: 1, draining: 0, setAside: 2 },
  counts: {
    claimed: 12_345,
    lost: 3,
    unknown: 2,
    gaps: 5,
    reconnects: 7,
    takeovers: 11,
    storeErrors: 1,
  },
  waiting: 1_250,
  unreachable: ["http://a.example/<script>alert(1)</script>"],
};

const endpoint = metricsEndpoint({ fleet: "help<b>er", host: 'web"1&' }, () => REPORT);

function get(path: string, accept = "*/*"): Response {
  return endpoint(new Request(`http://127.0.0.1${path}`, { headers: { accept } }));
}

Deno.test("a scrape gets the figures in Prometheus's format", async () => {
  const response = get("/metrics");
  assertEquals(response.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  const text = await response.text();
  assertMatch(text, /^# TYPE roomz_fleet_claimed_total counter\nroomz_fleet_claimed_total 12345$/m);
  assertMatch(text, /^roomz_fleet_accounts\{state="standing_by"\} 1$/m);
  assertMatch(text, /^roomz_fleet_oldest_waiting_seconds 1\.25$/m);
  assertMatch(text, /^roomz_fleet_unreachable_servers 1$/m);
  assertMatch(text, /^roomz_fleet_lease_valid 1$/m);
  assertNotMatch(text, /EOF|example/);
});

Deno.test("a scrape that accepts OpenMetrics gets that, which declares counters without _total", async () => {
  const response = get("/metrics", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
  assertMatch(
    response.headers.get("content-type") ?? "",
    /^application\/openmetrics-text; version=1\.0\.0/,
  );
  assertEquals(response.headers.get("vary"), "accept");
  const text = await response.text();
  assertMatch(text, /^# TYPE roomz_fleet_claimed counter\nroomz_fleet_claimed_total 12345$/m);
  assertMatch(text, /\n# EOF\n$/);
});

const promtool = await find("promtool");
Deno.test({
  name: promtool
    ? "promtool accepts the metrics"
    : reportSkipped("that promtool accepts the metrics", "it is not installed here"),
  ignore: !promtool,
  async fn() {
    const process = new Deno.Command("promtool", {
      args: ["check", "metrics"],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = process.stdin.getWriter();
    await writer.write(new TextEncoder().encode(metricsText(hostFigures(REPORT), false)));
    await writer.close();
    const { code, stdout, stderr } = await process.output();
    const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assertEquals([code, said], [0, ""]);
  },
});

Deno.test("the page has every figure, escapes what others chose, and runs nothing", async () => {
  const response = get("/");
  assertEquals(response.headers.get("content-type"), "text/html; charset=utf-8");
  assertMatch(response.headers.get("content-security-policy") ?? "", /^default-src 'none'; /);
  const html = await response.text();
  assertMatch(html, /<h1>help&lt;b&gt;er on web&quot;1&amp;<\/h1>/);
  assertMatch(html, /Healthy: 41 of 42 accounts connected\./);
  assertMatch(html, /<td>12345<\/td>/);
  assertMatch(html, /<li>http:\/\/a\.example\/&lt;script&gt;/);
  assertNotMatch(html, /<script|<b>|javascript:/);
  for (const { samples } of hostFigures(REPORT)) {
    for (const { value } of samples) assertMatch(html, new RegExp(`<td>${value}</td>`));
  }
});

Deno.test("the endpoint of the metrics answers health checks as well, and nothing else", async () => {
  const health = get("/healthz");
  assertEquals([health.status, await health.text()], [200, "41 of 42 accounts connected\n"]);
  const other = get("/toString");
  assertEquals([other.status, await other.text()], [404, "Only /, /metrics, /healthz are here.\n"]);
  const post = endpoint(new Request("http://127.0.0.1/metrics", { method: "POST" }));
  assertEquals([post.status, post.headers.get("allow")], [405, "GET, HEAD"]);
});

async function find(command: string): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args: ["--version"], stdout: "null", stderr: "null" })
      .output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
