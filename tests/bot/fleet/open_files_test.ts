import { assertEquals } from "@std/assert";
import { spaceForConnections } from "../../../bot/fleet/open_files.ts";

Deno.test("the limit of open files leaves space for connections, apart from a reserve", () => {
  const limits = (count: string) =>
    `Limit                     Soft Limit           Hard Limit           Units\n` +
    `Max open files            ${count}                 1048576              files\n`;
  assertEquals(spaceForConnections(limits("1024")), 768);
  assertEquals(spaceForConnections(limits("100")), 0);
  assertEquals(spaceForConnections(limits("unlimited")), undefined);
  assertEquals(spaceForConnections(undefined), undefined);
});
