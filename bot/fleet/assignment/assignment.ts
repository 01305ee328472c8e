/**
 * Which host should hold which account: balanced, with as few moves as possible, and the same on every
 * host that sees the same records.
 * @module
 */

/** An account to hold. */
export interface AccountToHold {
  readonly account: string;
  /** Its Roomz server. */
  readonly server: string;
  /** The host that its record names; undefined if there is none. */
  readonly holder: string | undefined;
}

/** A host that can hold accounts. */
export interface HostToFill {
  readonly host: string;
  readonly capacity: number;
  /** The Roomz servers that it cannot reach at present. */
  readonly unreachable: ReadonlySet<string>;
}

/**
 * The host for each account. An account that no host has space for has none. Of the accounts of one
 * server, at most `serverCapacity` get a host: those that have one first.
 */
export function assign(
  accounts: readonly AccountToHold[],
  hosts: readonly HostToFill[],
  serverCapacity: number,
): Map<string, string> {
  const fleet = hosts.toSorted((a, b) => compare(a.host, b.host));
  const loads = new Map(fleet.map(({ host }) => [host, 0]));
  const ids = new Set(loads.keys());
  const assigned = new Map<string, string>();
  for (const group of groupByReach(admit(accounts, ids, serverCapacity), fleet)) {
    fill(group, loads, assigned);
  }
  return assigned;
}

/** Accounts that the same hosts can serve. */
interface Group {
  readonly hosts: readonly HostToFill[];
  readonly accounts: AccountToHold[];
}

/** The accounts that their servers have space for: those with a host, then the others, each by id. */
function admit(
  accounts: readonly AccountToHold[],
  ids: ReadonlySet<string>,
  serverCapacity: number,
): AccountToHold[] {
  const isHeld = ({ holder }: AccountToHold) => holder !== undefined && ids.has(holder);
  const order = accounts.toSorted((a, b) =>
    Number(isHeld(b)) - Number(isHeld(a)) || compare(a.account, b.account)
  );
  const counts = new Map<string, number>();
  return order.filter(({ server }) => {
    const count = (counts.get(server) ?? 0) + 1;
    counts.set(server, count);
    return count <= serverCapacity;
  });
}

/** Where no host reaches a server, all count as able to: moving its accounts would not help. */
function groupByReach(accounts: readonly AccountToHold[], fleet: readonly HostToFill[]): Group[] {
  const groups = new Map<string, Group>();
  const groupOf = new Map<string, Group>();
  for (const account of accounts) {
    let group = groupOf.get(account.server);
    if (group === undefined) {
      const reaching = fleet.filter(({ unreachable }) => !unreachable.has(account.server));
      const hosts = reaching.length === 0 ? fleet : reaching;
      const key = hosts.map(({ host }) => host).join(" ");
      group = groups.get(key) ?? { hosts, accounts: [] };
      groups.set(key, group);
      groupOf.set(account.server, group);
    }
    group.accounts.push(account);
  }
  return [...groups.values()];
}

/** Assigns the accounts of a group, on top of what its hosts already have. */
function fill(
  { hosts, accounts }: Group,
  loads: Map<string, number>,
  assigned: Map<string, string>,
): void {
  const quotas = share(hosts, accounts, loads);
  const give = (account: string, host: string): boolean => {
    const left = quotas.get(host) ?? 0;
    if (left === 0) return false;
    quotas.set(host, left - 1);
    loads.set(host, (loads.get(host) ?? 0) + 1);
    assigned.set(account, host);
    return true;
  };
  const moving = accounts.filter(({ account, holder }) =>
    holder === undefined || !give(account, holder)
  );
  let next = 0;
  for (const { account } of moving) {
    for (let host = hosts[next]; host !== undefined; host = hosts[++next]) {
      if (give(account, host.host)) break;
    }
  }
}

/** How many of the accounts each host gets, so that all have equally many, within their capacities. */
function share(
  hosts: readonly HostToFill[],
  accounts: readonly AccountToHold[],
  loads: ReadonlyMap<string, number>,
): Map<string, number> {
  const upTo = (level: number) => ({ host, capacity }: HostToFill) =>
    Math.max(0, Math.min(capacity, level) - (loads.get(host) ?? 0));
  const total = (level: number) => hosts.reduce((sum, host) => sum + upTo(level)(host), 0);
  // The highest level to which all hosts can be filled.
  let [level, above] = [0, Math.max(0, ...hosts.map(({ capacity }) => capacity)) + 1];
  while (above - level > 1) {
    const middle = Math.floor((level + above) / 2);
    if (total(middle) <= accounts.length) level = middle;
    else above = middle;
  }
  const quotas = new Map(hosts.map((host) => [host.host, upTo(level)(host)]));
  // What remains, one each, goes to the hosts that hold most: then the fewest accounts move.
  const held = new Map<string, number>();
  for (const { holder = "" } of accounts) held.set(holder, (held.get(holder) ?? 0) + 1);
  const able = hosts.filter((host) => upTo(level + 1)(host) > upTo(level)(host)).toSorted((a, b) =>
    (held.get(b.host) ?? 0) - (held.get(a.host) ?? 0) || compare(a.host, b.host)
  );
  for (const { host } of able.slice(0, accounts.length - total(level))) {
    quotas.set(host, (quotas.get(host) ?? 0) + 1);
  }
  return quotas;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
