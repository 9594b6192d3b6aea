/** Typed errors: each carries a `code` that scripts can switch on and a message of one sentence. */

/** What kind of failure an error reports. */
export type ErrorCode = "input" | "output" | "model" | "device" | "option";

/** Base of every error this product throws on purpose. */
export class SamRefinerError extends Error {
  /** What kind of failure it is. */
  readonly code: ErrorCode;

  /** Makes an error of one sentence. */
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** A photo or mask that cannot be used: missing, broken, too large, of the wrong kind or size. */
export class InputError extends SamRefinerError {
  /** Makes an error of one sentence. */
  constructor(message: string, options?: ErrorOptions) {
    super("input", message, options);
  }
}

/** A result that cannot be written: read-only folder, full disk, a file in the way. */
export class OutputError extends SamRefinerError {
  /** Makes an error of one sentence. */
  constructor(message: string, options?: ErrorOptions) {
    super("output", message, options);
  }
}

/** A model file that is missing, altered, or no SAM with a mask input. */
export class ModelError extends SamRefinerError {
  /** Makes an error of one sentence. */
  constructor(message: string, options?: ErrorOptions) {
    super("model", message, options);
  }
}

/** No device could run the model. */
export class DeviceError extends SamRefinerError {
  /** Makes an error of one sentence. */
  constructor(message: string, options?: ErrorOptions) {
    super("device", message, options);
  }
}

/** An option outside its range, or unknown. */
export class OptionError extends SamRefinerError {
  /** Makes an error of one sentence. */
  constructor(message: string, options?: ErrorOptions) {
    super("option", message, options);
  }
}

/** An error as plain data: sent between threads as it is, it would lose its class and its code. */
export interface ErrorData {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** Set for errors of this product. */
  readonly code?: ErrorCode;
  readonly cause?: ErrorData;
}

const classes = {
  input: InputError,
  output: OutputError,
  model: ModelError,
  device: DeviceError,
  option: OptionError,
} as const;

/** Packs whatever was thrown. */
export function packError(error: unknown): ErrorData {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message, stack, cause } = error;
  return {
    name,
    message,
    ...(stack === undefined ? {} : { stack }),
    ...(error instanceof SamRefinerError ? { code: error.code } : {}),
    ...(cause === undefined ? {} : { cause: packError(cause) }),
  };
}

/** Makes the error again that {@link packError} packed, of its class where it was one of this product. */
export function unpackError({ name, message, stack, code, cause }: ErrorData): Error {
  const options = cause === undefined ? {} : { cause: unpackError(cause) };
  const error = code === undefined ? new Error(message, options) : new classes[code](message, options);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
