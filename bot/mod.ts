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
  Hears,
  RoomEvents,
  RoomHandlers,
} from "./definition/definition.ts";
export { BotDefinitionError, type DefinitionProblem } from "./text/definition_error.ts";
export type {
  AnyArgs,
  ArgsOf,
  NoSuchType,
  UnknownType,
  UnknownTypesIn,
  ValueOf,
} from "./signature/args_of.ts";
export type { Value, ValueTypes } from "./signature/value_types.ts";
export type {
  Context,
  EventContext,
  FailureContext,
  HearsContext,
  MessageContext,
  RoomContext,
} from "./context/context.ts";
export type { AnyHandler, Handler } from "./context/handler.ts";
export { type Reply, ReplyError } from "./context/reply.ts";
export type {
  AnyMiddleware,
  Guard,
  Middleware,
  Next,
  Passed,
  StateOf,
} from "./middleware/middleware.ts";
export { logger } from "./middleware/logger.ts";
export { cooldown, type CooldownOptions } from "./middleware/cooldown.ts";
export { ignore, onlyFrom } from "./middleware/device_names.ts";
export { timeout } from "./middleware/timeout.ts";
export { type Duration, formatDuration } from "./signature/duration.ts";
export {
  type AnswerTo,
  type Ask,
  type AskOptions,
  type KnownType,
  NoAnswerError,
  type NoAnswerReason,
} from "./context/ask.ts";
export type { TypeName } from "./signature/answer_reader.ts";
export {
  type AnySessionDefinition,
  type DeepReadonly,
  SessionConflictError,
  type SessionContext,
  type SessionDefinition,
  type SessionScope,
  type SessionState,
  type SessionView,
} from "./session/session.ts";
export {
  type BotStorage,
  StorageError,
  type StorageKey,
  type StoredValue,
  type WriteOptions,
} from "./storage/storage.ts";
export { MemoryStorage } from "./storage/memory_storage.ts";
export { KvStorage, type KvStorageOptions } from "./storage/kv_storage.ts";
export type {
  CronSchedule,
  IntervalSchedule,
  Schedule,
  ScheduleBase,
  ScheduleContext,
} from "./schedule/schedule.ts";
export { flow } from "./flow/flow.ts";
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
} from "./flow/flow.ts";
export { defineGroup } from "./definition/define_group.ts";
export { definePlugin } from "./definition/define_plugin.ts";
export type {
  AnyCommandEntry,
  Group,
  Plugin,
  PluginDefinition,
  Used,
} from "./definition/definition.ts";
export { type Bot, isBot } from "./run/bot.ts";
export type {
  ArgumentManifest,
  BotManifest,
  CommandManifest,
  FlagManifest,
} from "./command/manifest.ts";
export type { Extent } from "./signature/signature.ts";
export { runBot } from "./run_bot.ts";
export type {
  ClientRunOptions,
  RunOptions,
  RunSettings,
  ServerRunOptions,
} from "./run/run_options.ts";
export type { CallRate } from "./run/loop_guard.ts";
export type { SendRate } from "./context/pacer.ts";
export type { BotClient } from "./context/bot_client.ts";
export type { BotLogger } from "./context/bot_logger.ts";
export type { Clock } from "./context/clock.ts";
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
