/**
 * What happened on GitHub, in words: one statement for each event of its webhooks.
 * @module
 */
import type { Fields } from "./fields.ts";

/** What happened; texts in `what` are safe and short, the other parts are as they came. */
export interface Statement {
  /** `ada opened pull request #2`. */
  readonly what: string;
  /** A title or a comment, of any length. */
  readonly quote?: string;
  /** Where to read more; empty if nowhere. */
  readonly url?: string;
}

/** Makes the statement of an event; `who` caused it. */
type Describe = (payload: Fields, who: string) => Statement;

/** Words for actions that are no verb between a person and a thing; `…` is where the thing goes. */
const VERBS: Readonly<Record<string, string>> = {
  synchronize: "pushed to",
  labeled: "labelled",
  unlabeled: "removed a label from",
  milestoned: "added a milestone to",
  demilestoned: "removed a milestone from",
  released: "shipped",
  prereleased: "pre-released",
  review_requested: "requested a review of",
  review_request_removed: "withdrew a request to review",
  ready_for_review: "marked … as ready for review",
  converted_to_draft: "converted … to a draft",
  auto_merge_enabled: "enabled auto-merge of",
  auto_merge_disabled: "disabled auto-merge of",
  enqueued: "queued",
  dequeued: "removed … from the merge queue",
  category_changed: "changed the category of",
  answered: "marked an answer to",
  unanswered: "removed the mark of an answer to",
  closed_by_user: "closed",
  auto_dismissed: "dismissed",
  publicly_leaked: "reported … as leaked",
};

/** Events about a thing that has a number, a title or a name: what it is called, and where it is. */
const THINGS: Readonly<Record<string, readonly [noun: string, field: string]>> = {
  issues: ["issue", "issue"],
  pull_request: ["pull request", "pull_request"],
  discussion: ["discussion", "discussion"],
  milestone: ["milestone", "milestone"],
  label: ["label", "label"],
  release: ["release", "release"],
  project: ["project", "project"],
  project_card: ["a project card", "project_card"],
  project_column: ["project column", "project_column"],
  projects_v2: ["project", "projects_v2"],
  projects_v2_item: ["a project item", "projects_v2_item"],
  package: ["package", "package"],
  registry_package: ["package", "registry_package"],
  deploy_key: ["deploy key", "key"],
  branch_protection_rule: ["the protection of branch", "rule"],
  repository_ruleset: ["ruleset", "repository_ruleset"],
  code_scanning_alert: ["code scanning alert", "alert"],
  dependabot_alert: ["Dependabot alert", "alert"],
  secret_scanning_alert: ["secret scanning alert", "alert"],
  member: ["member", "member"],
  team: ["team", "team"],
};

/** Events that need words of their own. */
const DESCRIPTIONS: Readonly<Record<string, Describe>> = {
  push: describePush,
  create: (p, who) => ({ what: `${who} created ${p.text("ref_type")} ${p.text("ref")}` }),
  delete: (p, who) => ({ what: `${who} deleted ${p.text("ref_type")} ${p.text("ref")}` }),
  pull_request(p, who) {
    const isMerge = p.text("action") === "closed" && p.has("pull_request.merged");
    return isMerge ? thing(p, who, "pull_request", "merged") : thing(p, who, "pull_request");
  },
  pull_request_review(p, who) {
    const verbs = new Map([["approved", "approved"], [
      "changes_requested",
      "requested changes to",
    ]]);
    const verb = p.text("action") === "submitted"
      ? verbs.get(p.text("review.state")) ?? "reviewed"
      : `${p.text("action")} a review of`;
    const url = p.url("review.html_url");
    return { what: `${who} ${verb} ${pullRequest(p)}`, quote: p.whole("review.body"), url };
  },
  pull_request_review_comment: (p, who) => comment(p, who, pullRequest(p)),
  pull_request_review_thread: (p, who) => ({
    what: `${who} marked a thread of ${pullRequest(p)} as ${p.text("action")}`,
    url: p.url("pull_request.html_url"),
  }),
  issue_comment(p, who) {
    const noun = p.has("issue.pull_request") ? "pull request" : "issue";
    return comment(p, who, `${noun} #${p.text("issue.number")}`);
  },
  discussion_comment: (p, who) => comment(p, who, `discussion #${p.text("discussion.number")}`),
  commit_comment: (p, who) => comment(p, who, `commit ${sha(p, "comment.commit_id")}`),
  check_run: (p) => ({
    what: `check ${p.text("check_run.name")}${onBranch(p, "check_run.check_suite.head_branch")}: ${
      outcome(p, "check_run")
    }`,
    quote: p.whole("check_run.output.title"),
    url: p.url("check_run.html_url"),
  }),
  check_suite: (p) => ({
    what: `checks of ${p.first("check_suite.app.name", "check_suite.app.slug")}${
      onBranch(p, "check_suite.head_branch")
    }: ${outcome(p, "check_suite")}`,
    quote: p.firstLine("check_suite.head_commit.message"),
  }),
  workflow_run: (p) => ({
    what: `workflow ${p.first("workflow_run.name", "workflow.name")}${
      onBranch(p, "workflow_run.head_branch")
    }: ${outcome(p, "workflow_run")}`,
    quote: p.firstLine("workflow_run.head_commit.message"),
    url: p.url("workflow_run.html_url"),
  }),
  workflow_job: (p) => ({
    what: `job ${p.text("workflow_job.name")}: ${outcome(p, "workflow_job")}`,
    url: p.url("workflow_job.html_url"),
  }),
  workflow_dispatch: (p, who) => ({
    what: `${who} started workflow ${p.text("workflow")} on ${refName(p.text("ref"))}`,
  }),
  repository_dispatch: (p, who) => ({
    what: `${who} dispatched ${p.text("action")}${onBranch(p, "branch")}`,
  }),
  status: (p) => ({
    what: `${p.text("context")} on ${sha(p, "sha")}: ${p.text("state")}`,
    quote: p.whole("description"),
    url: p.url("target_url"),
  }),
  deployment: (p, who) => ({
    what: `${who} deploys ${p.text("deployment.ref")} to ${p.text("deployment.environment")}`,
    quote: p.whole("deployment.description"),
  }),
  deployment_status: (p) => ({
    what: `deployment of ${p.text("deployment.ref")} to ${
      p.text("deployment_status.environment")
    }: ${words(p.text("deployment_status.state"))}`,
    quote: p.whole("deployment_status.description"),
    url: p.url("deployment_status.target_url"),
  }),
  deployment_review: (p) => ({
    what: `deployment to ${p.text("environment")}: review ${words(p.text("action"))}`,
    url: p.url("workflow_run.html_url"),
  }),
  merge_group: (p) => ({
    what: `merge queue of ${refName(p.text("merge_group.base_ref"))}: ${words(p.text("action"))}`,
    quote: p.firstLine("merge_group.head_commit.message"),
  }),
  page_build: (p) => ({
    what: `pages build: ${p.text("build.status")}`,
    quote: p.whole("build.error.message"),
  }),
  fork: (p, who) => ({
    what: `${who} forked it to ${p.text("forkee.full_name")}`,
    url: p.url("forkee.html_url"),
  }),
  star(p, who) {
    const verb = p.text("action") === "deleted" ? "removed a star" : "starred it";
    const count = p.text("repository.stargazers_count");
    return { what: `${who} ${verb} (${count} star${count === "1" ? "" : "s"})` };
  },
  watch: (_, who) => ({ what: `${who} started watching it` }),
  public: (_, who) => ({ what: `${who} made it public` }),
  repository(p, who) {
    const verbs = new Map([["publicized", "made it public"], ["privatized", "made it private"]]);
    const action = p.text("action");
    return {
      what: `${who} ${verbs.get(action) ?? `${action} it`}`,
      url: p.url("repository.html_url"),
    };
  },
  repository_import: (p) => ({ what: `import: ${p.text("status")}` }),
  gollum(p, who) {
    const [page = p, ...others] = p.list("pages");
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    const what = `${who} ${page.text("action")} wiki page ${page.text("title")}${more}`;
    return { what, url: page.url("html_url") };
  },
  membership(p, who) {
    const [verb, to] = p.text("action") === "added" ? ["added", "to"] : ["removed", "from"];
    return {
      what: `${who} ${verb} ${p.text("member.login")} ${to} team ${p.text("team.name")}`,
    };
  },
  team(p, who) {
    const team = `team ${p.text("team.name")}`;
    switch (p.text("action")) {
      case "added_to_repository":
        return { what: `${who} gave ${team} access` };
      case "removed_from_repository":
        return { what: `${who} took access from ${team}` };
      default:
        return thing(p, who, "team");
    }
  },
  team_add: (p, who) => ({ what: `${who} gave team ${p.text("team.name")} access` }),
  organization: (p, who) => ({
    what: `${words(p.text("action"))} (${
      p.first("membership.user.login", "invitation.login", "organization.login")
    }), by ${who}`,
  }),
  org_block: (p, who) => ({ what: `${who} ${p.text("action")} ${p.text("blocked_user.login")}` }),
  installation(p, who) {
    const verbs = new Map([
      ["created", "installed"],
      ["deleted", "uninstalled"],
      ["suspend", "suspended"],
      ["unsuspend", "unsuspended"],
      ["new_permissions_accepted", "accepted new permissions of"],
    ]);
    const action = p.text("action");
    return { what: `${who} ${verbs.get(action) ?? words(action)} app ${app(p)}` };
  },
  installation_repositories(p, who) {
    const [verb, to] = p.text("action") === "added" ? ["added", "to"] : ["removed", "from"];
    const count = p.list(`repositories_${verb}`).length;
    const repositories = count === 1 ? "1 repository" : `${count} repositories`;
    return { what: `${who} ${verb} ${repositories} ${to} app ${app(p)}` };
  },
  github_app_authorization: (p, who) => ({
    what: `${who} ${p.text("action")} the authorization of an app`,
  }),
  marketplace_purchase: (p) => ({
    what: `${p.text("marketplace_purchase.account.login")} ${p.text("action")} plan ${
      p.text("marketplace_purchase.plan.name")
    }`,
  }),
  sponsorship: (p) => ({
    what: `sponsorship of ${p.text("sponsorship.sponsorable.login")} by ${
      p.text("sponsorship.sponsor.login")
    }: ${words(p.text("action"))}`,
  }),
  security_advisory: (p) => ({
    what: `security advisory ${p.text("security_advisory.ghsa_id")}: ${p.text("action")}`,
    quote: p.whole("security_advisory.summary"),
  }),
  repository_vulnerability_alert(p) {
    const verbs = new Map([["create", "created"], ["dismiss", "dismissed"], [
      "resolve",
      "resolved",
    ]]);
    const action = p.text("action");
    const about = p.text("alert.affected_package_name");
    return {
      what: `vulnerability alert about ${about}: ${verbs.get(action) ?? words(action)}`,
      url: p.url("alert.external_reference"),
    };
  },
  ping: (p) => ({ what: `webhook ${p.text("hook_id")} works`, quote: p.whole("zen") }),
  meta: (p) => ({ what: `webhook ${p.text("hook_id")} was ${p.text("action")}` }),
};

/** What an event says. An event that is not known here is named, with its action. */
export function describeEvent(event: string, payload: Fields): Statement {
  const who = payload.text("sender.login") || "someone";
  const describe = Object.hasOwn(DESCRIPTIONS, event) ? DESCRIPTIONS[event] : undefined;
  if (describe !== undefined) return describe(payload, who);
  if (Object.hasOwn(THINGS, event)) return thing(payload, who, event);
  const action = payload.text("action");
  return { what: `${words(event)}${action === "" ? "" : `: ${words(action)}`}, by ${who}` };
}

/** `ada opened issue #1 (bug)`. */
function thing(payload: Fields, who: string, event: string, does?: string): Statement {
  const [noun = "", field = ""] = THINGS[event] ?? [];
  const action = payload.text("action");
  const number = payload.text(`${field}.number`);
  const isNumbered = number !== "" && !/^(project|milestone)$/.test(event);
  const name = isNumbered
    ? `#${number}`
    : payload.first(`${field}.tag_name`, `${field}.name`, `${field}.title`, `${field}.login`);
  const detail = detailOf(payload, action);
  const subject = [noun, name, detail && `(${detail})`].filter((part) => part !== "").join(" ");
  const verb = does ?? (Object.hasOwn(VERBS, action) ? VERBS[action] : undefined) ??
    (/^\w+ed$/.test(action) && !action.includes("_") ? action : undefined);
  const title = ["title", "rule.description", "security_advisory.summary", "note"]
    .map((part) => payload.whole(`${field}.${part}`)).find((text) => text !== "");
  return {
    what: verb === undefined
      ? `${subject}: ${words(action)}, by ${who}`
      : `${who} ${verb.includes("…") ? verb.replace("…", () => subject) : `${verb} ${subject}`}`,
    quote: isNumbered || name === "" ? title ?? "" : payload.whole(`${field}.note`),
    url: payload.url(`${field}.html_url`),
  };
}

/** Whom or what an action names besides the thing itself. */
function detailOf(payload: Fields, action: string): string {
  if (/label/.test(action)) return payload.text("label.name");
  if (/assign/.test(action)) return payload.text("assignee.login");
  if (/milestone/.test(action)) return payload.text("milestone.title");
  if (!/^review_request/.test(action)) return "";
  return payload.first("requested_reviewer.login", "requested_team.name");
}

function describePush(payload: Fields, who: string): Statement {
  const ref = payload.text("ref");
  const name = refName(ref);
  const url = payload.url("compare");
  const noun = ref.startsWith("refs/tags/") ? "tag" : "branch";
  if (payload.has("deleted")) return { what: `${who} deleted ${noun} ${name}` };
  const count = payload.list("commits").length;
  if (count === 0 && payload.has("created")) return { what: `${who} created ${noun} ${name}`, url };
  const verb = payload.has("forced") ? "force-pushed" : "pushed";
  const commits = count === 0 ? "" : count === 1 ? " 1 commit" : ` ${count} commits`;
  return {
    what: `${who} ${verb}${commits} to ${name}`,
    quote: payload.firstLine("head_commit.message"),
    url,
  };
}

function comment(payload: Fields, who: string, subject: string): Statement {
  const action = payload.text("action");
  const does = action === "created" ? "commented on" : `${action} a comment on`;
  return {
    what: `${who} ${does} ${subject}`,
    quote: payload.whole("comment.body"),
    url: payload.url("comment.html_url"),
  };
}

function pullRequest(payload: Fields): string {
  return `pull request #${payload.text("pull_request.number")}`;
}

/** How a check or a run ended; while it has not, its state, or what was asked for. */
function outcome(payload: Fields, field: string): string {
  const action = payload.text("action");
  if (/^re?requested|_/.test(action) && action !== "in_progress") return words(action);
  return words(payload.first(`${field}.conclusion`, `${field}.status`, "action"));
}

function onBranch(payload: Fields, path: string): string {
  const branch = payload.text(path);
  return branch === "" ? "" : ` on ${refName(branch)}`;
}

function sha(payload: Fields, path: string): string {
  return payload.text(path).slice(0, 7);
}

function app(payload: Fields): string {
  return payload.first("installation.app_slug", "installation.app_id");
}

function refName(ref: string): string {
  return ref.replace(/^refs\/(heads|tags)\//, "");
}

/** `in_progress` as `in progress`. */
function words(name: string): string {
  return name.replaceAll("_", " ");
}
