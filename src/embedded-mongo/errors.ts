/** The errors of the embedded engine: MongoDB's own codes and code names, and nothing else. */
import type { Doc } from './value.ts';

/** Code names as MongoDB's `error_codes.yml` gives them; codes of a single assertion are `Location<code>`. */
const CODE_NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'InternalError'],
  [2, 'BadValue'],
  [4, 'NoSuchKey'],
  [9, 'FailedToParse'],
  [13, 'Unauthorized'],
  [14, 'TypeMismatch'],
  [15, 'Overflow'],
  [16, 'InvalidLength'],
  [17, 'ProtocolError'],
  [18, 'AuthenticationFailed'],
  [20, 'IllegalOperation'],
  [22, 'InvalidBSON'],
  [23, 'AlreadyInitialized'],
  [26, 'NamespaceNotFound'],
  [27, 'IndexNotFound'],
  [28, 'PathNotViable'],
  [36, 'CursorInUse'],
  [40, 'ConflictingUpdateOperators'],
  [43, 'CursorNotFound'],
  [46, 'LockBusy'],
  [48, 'NamespaceExists'],
  [50, 'MaxTimeMSExpired'],
  [52, 'DollarPrefixedFieldName'],
  [53, 'InvalidIdField'],
  [54, 'NotSingleValueField'],
  [55, 'InvalidDBRef'],
  [56, 'EmptyFieldName'],
  [57, 'DottedFieldName'],
  [59, 'CommandNotFound'],
  [64, 'WriteConcernFailed'],
  [66, 'ImmutableField'],
  [67, 'CannotCreateIndex'],
  [68, 'IndexAlreadyExists'],
  [72, 'InvalidOptions'],
  [73, 'InvalidNamespace'],
  [76, 'NoReplicationEnabled'],
  [79, 'UnknownReplWriteConcern'],
  [83, 'NotExactValueField'],
  [85, 'IndexOptionsConflict'],
  [86, 'IndexKeySpecsConflict'],
  [89, 'NetworkTimeout'],
  [96, 'OperationFailed'],
  [91, 'ShutdownInProgress'],
  [93, 'InvalidReplicaSetConfig'],
  [94, 'NotYetInitialized'],
  [95, 'NotSecondary'],
  [96, 'OperationFailed'],
  [103, 'NewReplicaSetConfigurationIncompatible'],
  [112, 'WriteConflict'],
  [115, 'CommandNotSupported'],
  [117, 'ConflictingOperationInProgress'],
  [121, 'DocumentValidationFailure'],
  [125, 'CommandFailed'],
  [146, 'ExceededMemoryLimit'],
  [159, 'DurationOverflow'],
  [165, 'ViewDepthLimitExceeded'],
  [166, 'CommandNotSupportedOnView'],
  [167, 'OptionNotSupportedOnView'],
  [168, 'InvalidPipelineOperator'],
  [171, 'CannotIndexParallelArrays'],
  [181, 'AmbiguousIndexKeyPattern'],
  [189, 'PrimarySteppedDown'],
  [197, 'InvalidIndexSpecificationOption'],
  [206, 'NoSuchSession'],
  [224, 'QueryFeatureNotAllowed'],
  [225, 'TransactionTooOld'],
  [238, 'NotImplemented'],
  [241, 'ConversionFailure'],
  [246, 'SnapshotUnavailable'],
  [251, 'NoSuchTransaction'],
  [256, 'TransactionCommitted'],
  [262, 'ExceededTimeLimit'],
  [263, 'OperationNotSupportedInTransaction'],
  [291, 'NoQueryExecutionPlans'],
  [292, 'QueryExceededMemoryLimitNoDiskUseAllowed'],
  [322, 'APIVersionError'],
  [323, 'APIStrictError'],
  [324, 'APIDeprecationError'],
  [347, 'APIMismatchError'],
  [352, 'UnsupportedOpQueryCommand'],
  [359, 'CannotConvertIndexToUnique'],
  [361, 'CollectionUUIDMismatch'],
  [10107, 'NotWritablePrimary'],
  [10334, 'BSONObjectTooLarge'],
  [11000, 'DuplicateKey'],
  [11600, 'InterruptedAtShutdown'],
  [11601, 'Interrupted'],
  [11602, 'InterruptedDueToReplStateChange'],
  [13297, 'DatabaseDifferCase'],
  [13435, 'NotPrimaryNoSecondaryOk'],
  [13436, 'NotPrimaryOrSecondary'],
  [17280, 'KeyTooLong'],
]);

/** The name MongoDB sends as `codeName` for a code. */
export function codeNameOf(code: number): string {
  return CODE_NAMES.get(code) ?? `Location${code}`;
}

/** An error that goes to the client as a command's or a write's failure, with MongoDB's code. */
export class MongoError extends Error {
  readonly code: number;
  readonly codeName: string;
  labels?: string[];
  /** A failed write still tells that its write concern cannot be met. */
  concernError?: Doc;
  readonly extra?: Doc;
  /** Where the error came up, once that was told: it is told once. */
  origin?: string;

  constructor(code: number, message: string, extra?: Doc) {
    super(message);
    this.name = 'MongoError';
    this.code = code;
    this.codeName = codeNameOf(code);
    if (extra !== undefined) this.extra = extra;
  }
}

/**
 * Makes (does not throw) an error with MongoDB's code; `extra` fields join the answer to the client,
 * such as `keyPattern` and `keyValue` of a duplicate key.
 */
export function mongoError(code: number, message: string, extra?: Doc): MongoError {
  return new MongoError(code, message, extra);
}

/** The same error as MongoDB tells it where it came up; an error whose origin was told, or of another kind, stays. */
export function cameUpIn(origin: string, error: unknown): unknown {
  if (!(error instanceof MongoError) || error.origin !== undefined) return error;
  const told = new MongoError(error.code, `${origin} :: caused by :: ${error.message}`, error.extra);
  told.origin = origin;
  if (error.labels !== undefined) told.labels = error.labels;
  return told;
}

/** Runs what may throw, and says where it was. */
export function telling<T>(origin: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw cameUpIn(origin, error);
  }
}
