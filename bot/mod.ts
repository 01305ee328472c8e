/**
 * The bot layer: a bot is a value, and the signatures of its commands are its schema.
 *
 * Start with {@linkcode defineBot}, then {@linkcode runBot}. The errors and events of the client that
 * a bot meets are exported here as well.
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
export { defineBot } from "./define_bot.ts";
export type {
  BotDefinition,
  Command,
  CommandEntry,
  GroupDefinition,
  Handler,
  Hears,
  RoomEvents,
  RoomHandlers,
} from "./definition.ts";
export { BotDefinitionError, type DefinitionProblem } from "./bot_definition_error.ts";
export type {
  AnyArgs,
  ArgsOf,
  NoSuchType,
  UnknownType,
  UnknownTypesIn,
  ValueOf,
} from "./args_of.ts";
export type { Value, ValueTypes } from "./value_types.ts";
export type {
  Context,
  EventContext,
  FailureContext,
  HearsContext,
  MessageContext,
  RoomContext,
} from "./context.ts";
export { type Reply, ReplyError } from "./reply.ts";
export type { AnyMiddleware, Guard, Middleware, Next, Passed, StateOf } from "./middleware.ts";
export { logger } from "./middleware/logger.ts";
export { cooldown, type CooldownOptions } from "./middleware/cooldown.ts";
export { ignore, onlyFrom } from "./middleware/device_names.ts";
export { timeout } from "./middleware/timeout.ts";
export { type Duration, formatDuration } from "./duration.ts";
export {
  type AnswerTo,
  type Ask,
  type AskOptions,
  type KnownType,
  NoAnswerError,
  type NoAnswerReason,
} from "./ask.ts";
export type { TypeName } from "./answer.ts";
export {
  type AnySessionDefinition,
  type DeepReadonly,
  SessionConflictError,
  type SessionContext,
  type SessionDefinition,
  type SessionScope,
  type SessionState,
  type SessionView,
} from "./session.ts";
export {
  type BotStorage,
  StorageError,
  type StorageKey,
  type StoredValue,
  type WriteOptions,
} from "./storage.ts";
export { MemoryStorage } from "./memory_storage.ts";
export { KvStorage, type KvStorageOptions } from "./kv_storage.ts";
export type {
  CronSchedule,
  IntervalSchedule,
  Schedule,
  ScheduleBase,
  ScheduleContext,
} from "./schedule.ts";
export { flow } from "./flow.ts";
export type {
  AnswerOutcome,
  AnyFlowStep,
  AnyQuestionStep,
  AnyWorkStep,
  Flow,
  FlowContext,
  FlowDefinition,
  FlowStarter,
  FlowState,
  OldProgress,
  Outcome,
  QuestionStep,
  StepAnswer,
  StepName,
  WorkStep,
} from "./flow.ts";
export { defineGroup } from "./define_group.ts";
export { definePlugin } from "./define_plugin.ts";
export type {
  AnyCommandEntry,
  AnyHandler,
  Group,
  Plugin,
  PluginDefinition,
  Used,
} from "./definition.ts";
export { type Bot, isBot } from "./bot.ts";
export type { ArgumentManifest, BotManifest, CommandManifest, FlagManifest } from "./manifest.ts";
export type { Extent } from "./signature.ts";
export { runBot } from "./run_bot.ts";
export type { ClientRunOptions, RunOptions, RunSettings, ServerRunOptions } from "./run_options.ts";
export type { CallRate } from "./loop_guard.ts";
export type { SendRate } from "./pacer.ts";
export type { BotClient } from "./bot_client.ts";
export type { BotLogger } from "./bot_logger.ts";
export type { Clock } from "./clock.ts";
export {
  AuthenticationError,
  ClientError,
  ConfigurationError,
  ConnectionError,
} from "../client/mod.ts";
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
