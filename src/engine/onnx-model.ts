/**
 * Reading and writing ONNX models: the few fields that graph rewriting touches. Everything else in a file is
 * carried through as unknown fields.
 */
import protobuf from "protobufjs/light.js";

/** A tensor stored in the graph. */
export interface OnnxTensor {
  dims: (number | { toNumber(): number })[];
  dataType: number;
  name: string;
  rawData?: Uint8Array;
  floatData?: number[];
  int64Data?: (number | { toNumber(): number })[];
  /** Where the values are, with `dataLocation` 1: file, offset and length as text. */
  externalData?: { key: string; value: string }[];
  /** 0 in the model file, 1 in another one. */
  dataLocation?: number;
}

/** A setting of an operation: a number, whole numbers, a stored tensor, or something that is carried through. */
export interface OnnxAttribute {
  name: string;
  f?: number;
  i?: number | { toNumber(): number };
  t?: OnnxTensor;
  ints?: (number | { toNumber(): number })[];
  /** Which kind of value it holds; see {@link ATTRIBUTE_INT}. */
  type: number;
}

/** One operation. */
export interface OnnxNode {
  input: string[];
  output: string[];
  name: string;
  opType: string;
  attribute?: OnnxAttribute[];
}

/** One dimension of a declared shape: a number or a name. */
export interface OnnxDimension {
  dimValue?: number | { toNumber(): number };
  dimParam?: string;
}

/** A declared input or output. */
export interface OnnxValue {
  name: string;
  type?: { tensorType?: { elemType: number; shape?: { dim: OnnxDimension[] } } };
}

/** A graph: operations in order, stored tensors, inputs and outputs. */
export interface OnnxGraph {
  node: OnnxNode[];
  name: string;
  initializer: OnnxTensor[];
  input: OnnxValue[];
  output: OnnxValue[];
  /** Shapes of inner values; they may be stale after rewriting and are dropped then. */
  valueInfo: OnnxValue[];
}

/** A model file. */
export interface OnnxModel {
  graph?: OnnxGraph;
  /** Which versions of which sets of operations it is written in; the standard's own has no domain. */
  opsetImport?: { domain?: string; version?: number | { toNumber(): number } }[];
}

/** Element type numbers. */
export const FLOAT32 = 1;
export const UINT8 = 2;
export const INT8 = 3;
export const INT32 = 6;
export const INT64 = 7;
export const BOOL = 9;
export const FLOAT16 = 10;
/** The types of attributes that hold a number, a whole number, and whole numbers. */
export const ATTRIBUTE_FLOAT = 1;
export const ATTRIBUTE_INT = 2;
export const ATTRIBUTE_INTS = 7;

// Field numbers of the public ONNX schema, as far as used here.
const repeated = (type: string, id: number) => ({ rule: "repeated", type, id });
const single = (type: string, id: number) => ({ type, id });
const SCHEMA = {
  ModelProto: { graph: single("GraphProto", 7), opsetImport: repeated("OperatorSetIdProto", 8) },
  OperatorSetIdProto: { domain: single("string", 1), version: single("int64", 2) },
  GraphProto: {
    node: repeated("NodeProto", 1),
    name: single("string", 2),
    initializer: repeated("TensorProto", 5),
    input: repeated("ValueInfoProto", 11),
    output: repeated("ValueInfoProto", 12),
    valueInfo: repeated("ValueInfoProto", 13),
  },
  NodeProto: {
    input: repeated("string", 1),
    output: repeated("string", 2),
    name: single("string", 3),
    opType: single("string", 4),
    attribute: repeated("AttributeProto", 5),
  },
  AttributeProto: {
    name: single("string", 1),
    f: single("float", 2),
    i: single("int64", 3),
    t: single("TensorProto", 5),
    ints: { ...repeated("int64", 8), options: { packed: false } },
    type: single("int32", 20),
  },
  TensorProto: {
    dims: repeated("int64", 1),
    dataType: single("int32", 2),
    floatData: { ...repeated("float", 4), options: { packed: true } },
    int64Data: { ...repeated("int64", 7), options: { packed: true } },
    name: single("string", 8),
    rawData: single("bytes", 9),
    externalData: repeated("StringStringEntryProto", 13),
    dataLocation: single("int32", 14),
  },
  StringStringEntryProto: { key: single("string", 1), value: single("string", 2) },
  ValueInfoProto: { name: single("string", 1), type: single("TypeProto", 2) },
  TypeProto: { tensorType: single("TensorTypeProto", 1) },
  TensorTypeProto: { elemType: single("int32", 1), shape: single("TensorShapeProto", 2) },
  TensorShapeProto: { dim: repeated("DimensionProto", 1) },
  DimensionProto: { dimValue: single("int64", 1), dimParam: single("string", 2) },
};

const modelType = protobuf.Root.fromJSON({
  nested: Object.fromEntries(Object.entries(SCHEMA).map(([name, fields]) => [name, { fields }])),
}).lookupType("ModelProto");

/**
 * Parses an ONNX model.
 *
 * @throws {Error} where the bytes are no protobuf message of that shape
 */
export function parseOnnx(bytes: Uint8Array): OnnxModel {
  const reader = protobuf.Reader.create(bytes);
  reader.discardUnknown = false;
  return modelType.decode(reader) as unknown as OnnxModel;
}

/** Serialises a model; fields this file does not know are written back as they were read. */
export function serialiseOnnx(model: OnnxModel): Uint8Array {
  return modelType.encode(model as unknown as protobuf.Message).finish();
}

/** A tensor's shape as plain numbers. */
export function tensorShape({ dims }: OnnxTensor): number[] {
  return dims.map(Number);
}

/** A new setting that is a whole number. */
export function wholeSetting(name: string, i: number): OnnxAttribute {
  return { name, type: ATTRIBUTE_INT, i };
}

/** A setting of an operation that is a whole number. */
export function wholeAttribute({ attribute = [] }: OnnxNode, name: string): number | undefined {
  const found = attribute.find((one) => one.name === name);
  return found === undefined ? undefined : Number(found.i ?? 0);
}

/** A setting of an operation that is a list of whole numbers. */
export function wholeAttributes({ attribute = [] }: OnnxNode, name: string): number[] | undefined {
  return attribute.find((one) => one.name === name)?.ints?.map(Number);
}

/** The version of the standard's operations that a model is written in; 0 where it does not say. */
export function opsetVersion({ opsetImport = [] }: OnnxModel): number {
  return Number(opsetImport.find(({ domain }) => !domain || domain === "ai.onnx")?.version ?? 0);
}

/** Names of the stored tensors, which older exporters list among the inputs. */
export function storedNames({ initializer }: OnnxGraph): Set<string> {
  return new Set(initializer.map(({ name }) => name));
}

/** What must be fed: the inputs without the stored tensors among them. */
export function fedInputs(graph: OnnxGraph): OnnxValue[] {
  const stored = storedNames(graph);
  return graph.input.filter(({ name }) => !stored.has(name));
}

/** A declared shape: numbers for fixed sizes, names for free ones; `undefined` where none is declared. */
export function valueShape(value: OnnxValue): (number | string)[] | undefined {
  return value.type?.tensorType?.shape?.dim.map((dim) => dim.dimParam || Number(dim.dimValue ?? 0));
}
