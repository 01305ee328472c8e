import { assertEquals } from "@std/assert";
import { rangeOf } from "../../../cli/config/version.ts";

const RANGES: readonly (readonly [version: string, range: string])[] = [
  ["0.2.0", "^0.2.0"],
  ["0.2.7", "^0.2.0"],
  ["1.0.0", "^1.0.0"],
  ["1.4.12", "^1.4.0"],
  ["10.20.30", "^10.20.0"],
  ["0.2.0-rc.1", "^0.2.0-rc.1"],
  ["1.0.3-beta.10", "^1.0.3-beta.10"],
];

for (const [version, range] of RANGES) {
  Deno.test(`bots made by ${version} use ${range}`, () => {
    assertEquals(rangeOf(version), range);
  });
}
