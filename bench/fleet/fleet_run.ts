/**
 * A real run of a fleet: several processes, a server, a shared database, and faults. Devices of the
 * accounts judge it from outside: `deno task fleet:run -- --help`.
 * @module
 */
import { parseArgs } from "node:util";
import { Denokv, findDenokv, TOKEN } from "../../tests/bot/support/denokv.ts";
import { type FleetRun, runFleetUnderTest } from "./run_under_test.ts";

const HELP =
  `usage: deno task fleet:run -- [--fault kill|pause|rolling|none] [--storage file|denokv]
  [--hosts 3] [--accounts 300] [--seconds 180] [--every 10] [--rate 40] [--lease 6000]

--fault    what happens: a host is killed and started again; it is stopped for twice the lease;
           all hosts are restarted one after the other; nothing
--every    the seconds between two faults
--rate     messages a second, over all accounts
--lose     cuts so many percent of the responses of the KV server (denokv only)
--trace    a file for all that the hosts print
--json     prints the figures as JSON`;

const { values: options } = parseArgs({
  args: Deno.args.filter((arg) => arg !== "--"),
  options: {
    fault: { type: "string", default: "kill" },
    storage: { type: "string", default: "file" },
    hosts: { type: "string", default: "3" },
    accounts: { type: "string", default: "300" },
    seconds: { type: "string", default: "180" },
    every: { type: "string", default: "10" },
    rate: { type: "string", default: "40" },
    lease: { type: "string", default: "6000" },
    lose: { type: "string", default: "0" },
    trace: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (options.help) {
  console.log(HELP);
  Deno.exit(0);
}
const fault = options.fault;
if (fault !== "kill" && fault !== "pause" && fault !== "rolling" && fault !== "none") {
  console.error(`"${fault}" is not kill, pause, rolling or none (--fault).`);
  Deno.exit(2);
}
await using cleanUp = new AsyncDisposableStack();
let storage: string;
if (options.storage === "denokv") {
  const program = await findDenokv();
  if (program === undefined) {
    console.error("There is no denokv here. Set ROOMZ_DENOKV, or use --storage file.");
    Deno.exit(2);
  }
  Deno.env.set("DENO_KV_ACCESS_TOKEN", TOKEN);
  const denokv = cleanUp.use(await Denokv.start(program));
  const share = Number(options.lose) / 100;
  storage = share > 0 ? denokv.url : `http://127.0.0.1:${denokv.port}`;
  denokv.loseResponses(share);
} else {
  storage = `${await Deno.makeTempDir()}/fleet.kv`;
}
const run: FleetRun & { trace?: FleetRun["trace"] } = {
  fault,
  storage,
  hosts: Number(options.hosts),
  accounts: Number(options.accounts),
  seconds: Number(options.seconds),
  every: Number(options.every),
  rate: Number(options.rate),
  lease: Number(options.lease),
  note: (text) => console.error(text),
};
if (options.trace !== undefined) {
  const file = cleanUp.use(
    await Deno.open(options.trace, { create: true, write: true, truncate: true }),
  );
  run.trace = (line) => void file.writeSync(new TextEncoder().encode(`${line}\n`));
}
const verdict = await runFleetUnderTest(run);
if (options.json) console.log(JSON.stringify(verdict));
else console.table(verdict);
await cleanUp.disposeAsync();
Deno.exit(verdict.doubles === 0 && verdict.unreported === 0 ? 0 : 1);
