/**
 * The claims of a host, one commit each: the rules without the speed.
 * @module
 */
import type { ClaimsOfHost } from "../../../../bot/fleet/fleet_host.ts";
import type { FleetKeys } from "../../../../bot/fleet/fleet_keys.ts";
import type { FleetStore } from "../../../../bot/fleet/fleet_store.ts";
import type { HostLease } from "../../../../bot/fleet/host_lease.ts";

export function memoryClaims(store: FleetStore, keys: FleetKeys, lease: HostLease): ClaimsOfHost {
  return {
    of: (account) => ({
      async claim(effect) {
        const key = keys.claim("server", 0, `${account} ${effect.id}`);
        while (!lease.fenced) {
          const outcome = await store.commit({
            checks: [lease.check, { key, version: null }],
            sets: [
              { key, value: { h: lease.id } },
              { key: keys.open(lease.id, account, effect.id), value: { id: effect.id } },
            ],
          });
          if (outcome === "done") return true;
          const [found] = await store.get([key]);
          if (found !== undefined) return found.value.h === lease.id;
          if (!lease.valid) return false;
        }
        return false;
      },
      finish(effect) {
        void store.commit({
          checks: [],
          sets: [],
          deletes: [keys.open(lease.id, account, effect.id)],
        });
      },
    }),
    flush: () => Promise.resolve(),
  };
}
