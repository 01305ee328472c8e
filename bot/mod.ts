/**
 * The bot framework: define a bot as data, and run it.
 *
 * Start with {@linkcode defineBot}, then {@linkcode runBot}. The client's errors, and the types of its
 * events, are exported here as well.
 *
 * @example A bot in a file, for `roomz bot run`
 * ```ts
 * import { defineBot } from "@roomz/roomz/bot";
 *
 * export default defineBot({
 *   name: "helper",
 *   commands: {
 *     "ping": "pong",
 *     "echo <text...>": ({ args }) => args.text,
 *   },
 * });
 * ```
 * @module
 */

// Define and run a bot.
export { defineBot } from "./define_bot.ts";
export type { BotDefinition } from "./definition/definition.ts";
export { runBot } from "./run_bot.ts";
export type {
  ClientRunOptions,
  RunOptions,
  RunSettings,
  ServerRunOptions,
} from "./run/run_options.ts";
export { BotHealth, type BotHealthOptions, type HealthReport } from "./run/health.ts";
export type { CallRate } from "./run/loop_guard.ts";
export type { SendRate } from "./context/pacer.ts";
export { type Bot, isBot } from "./run/bot.ts";

// Run a bot for many accounts, on several hosts.
export { runFleet } from "./run_fleet.ts";
export type { FleetOptions } from "./fleet/fleet_options.ts";
export {
  FleetHealth,
  type FleetHealthOptions,
  type FleetHealthReport,
} from "./fleet/report/fleet_health.ts";
export type { HostAccounts, HostCounts, HostReport } from "./fleet/report/fleet_report.ts";
export type {
  AccountGap,
  EventAccount,
  SetAsideAccount,
  UnknownOutcome,
} from "./fleet/fleet_events.ts";
export {
  type FleetAccount,
  FleetAccounts,
  type FleetAccountsOptions,
  type NewFleetAccount,
} from "./fleet/accounts/accounts.ts";
export { FleetMonitor, type FleetMonitorOptions } from "./fleet/report/fleet_monitor.ts";
export type { AccountStatus, FleetStatus, HostStatus } from "./fleet/report/status_reader.ts";
export type { HostState } from "./fleet/store/fleet_records.ts";
export { newFleetKey } from "./fleet/accounts/session_vault.ts";

// Commands and other handlers, and what their context has.
export type {
  Command,
  Confirmation,
  ConfirmQuestion,
  Hears,
  RoomEvents,
  RoomHandlers,
} from "./definition/definition.ts";
export type { Handler } from "./context/handler.ts";
export type {
  Context,
  EventContext,
  FailureContext,
  HearsContext,
  MessageContext,
  RoomContext,
} from "./context/context.ts";
export { type Reply, ReplyError } from "./context/reply.ts";
export type { Clock } from "./context/clock.ts";
export type { BotLogger } from "./context/bot_logger.ts";
export type { BotClient } from "./context/bot_client.ts";
export { type Duration, formatDuration } from "./signature/duration.ts";

// Middleware, groups and plug-ins.
export type { Guard, Middleware, Next } from "./middleware/middleware.ts";
export { logger } from "./middleware/logger.ts";
export { cooldown, type CooldownOptions } from "./middleware/cooldown.ts";
export { timeout } from "./middleware/timeout.ts";
export { ignore, onlyFrom } from "./middleware/device_names.ts";
export { defineGroup } from "./definition/define_group.ts";
export type { GroupDefinition } from "./definition/definition.ts";
export { definePlugin } from "./definition/define_plugin.ts";
export type { Plugin, PluginDefinition } from "./definition/definition.ts";

// Sessions, and where they are stored.
export {
  type DeepReadonly,
  SessionConflictError,
  type SessionDefinition,
  type SessionScope,
} from "./session/session.ts";
export { KvStorage, type KvStorageOptions } from "./storage/kv_storage.ts";
export { MemoryStorage } from "./storage/memory_storage.ts";
export {
  type BotStorage,
  StorageError,
  type StorageKey,
  type StorageResult,
  type StoredValue,
  type WriteOptions,
} from "./storage/storage.ts";

// Questions without a bot.
export { type Answer, ask, type ClientAskOptions } from "./question/client_ask.ts";

// Questions in a handler.
export { type Ask, type AskOptions, NoAnswerError, type NoAnswerReason } from "./context/ask.ts";

// Flows: conversations that survive a restart.
export { flow } from "./flow/flow.ts";
export type {
  AnswerOutcome,
  Flow,
  FlowContext,
  FlowDefinition,
  OldProgress,
  Outcome,
  QuestionStep,
  WorkStep,
} from "./flow/flow.ts";

// Schedules.
export type {
  CronSchedule,
  IntervalSchedule,
  Schedule,
  ScheduleBase,
  ScheduleContext,
} from "./schedule/schedule.ts";

// A bot as data, for documentation and tools.
export type {
  ArgumentManifest,
  BotManifest,
  CommandManifest,
  FlagManifest,
} from "./command/manifest.ts";
export type { Extent } from "./signature/signature.ts";

// Errors: in a definition, and from the client.
export { BotDefinitionError, type DefinitionProblem } from "./text/definition_error.ts";
export {
  AuthenticationError,
  ClientError,
  ConfigurationError,
  ConnectionError,
} from "../client/mod.ts";

// The client's events, results and options.
export type {
  AuthenticatedEvent,
  ClientLogger,
  ClientOptions,
  ConnectionState,
  ConnectionStateChangedEvent,
  DisconnectEvent,
  DisplayNameChangedEvent,
  DisplayNameFailed,
  DisplayNameOk,
  DisplayNameResult,
  ErrorEvent,
  EventHandler,
  EventMap,
  EventName,
  Message,
  SendFailed,
  SendOk,
  SendResult,
  Session,
  SessionCache,
  User,
  UserJoinedEvent,
  UserLeftEvent,
} from "../client/mod.ts";

// For experts: the types behind the inference, and definitions with their types erased.
export type {
  AnyArgs,
  ArgsOf,
  NoSuchType,
  UnknownType,
  UnknownTypesIn,
  ValueOf,
} from "./signature/args_of.ts";
export type { Value, ValueTypes } from "./signature/value_types.ts";
export type { TypeName } from "./signature/answer_reader.ts";
export type { AnswerTo, KnownType } from "./context/ask.ts";
export type { AnyHandler } from "./context/handler.ts";
export type { AnyMiddleware, Passed, StateOf } from "./middleware/middleware.ts";
export type {
  AnySessionDefinition,
  SessionContext,
  SessionState,
  SessionView,
} from "./session/session.ts";
export type {
  AnyFlowStep,
  AnyQuestionStep,
  AnyWorkStep,
  FlowStarter,
  FlowState,
  StepAnswer,
  StepName,
} from "./flow/flow.ts";
export type { AnyCommandEntry, CommandEntry, Group, Used } from "./definition/definition.ts";
