/** The messages of onnx.proto that are looked into. */
export type MessageType =
  | "Model"
  | "Training"
  | "Function"
  | "Graph"
  | "SparseTensor"
  | "Node"
  | "Attribute"
  | "Tensor"
  | "ExternalEntry"
  | "MetadataEntry"
  | "ValueInfo"
  | "ValueType"
  | "TensorType"
  | "Shape"
  | "Dimension";

/** Where each message leads, by field number: all ways to a tensor, to an input or output, and to the metadata. */
export const CHILDREN: Readonly<Record<MessageType, Readonly<Record<number, MessageType>>>> = {
  Model: { 7: "Graph", 14: "MetadataEntry", 20: "Training", 25: "Function" },
  Training: { 1: "Graph", 2: "Graph" },
  Function: { 7: "Node", 11: "Attribute" },
  Graph: { 1: "Node", 5: "Tensor", 11: "ValueInfo", 12: "ValueInfo", 15: "SparseTensor" },
  SparseTensor: { 1: "Tensor", 2: "Tensor" },
  Node: { 5: "Attribute" },
  Attribute: { 5: "Tensor", 6: "Graph", 10: "Tensor", 11: "Graph", 22: "SparseTensor", 23: "SparseTensor" },
  Tensor: { 13: "ExternalEntry" },
  ExternalEntry: {},
  MetadataEntry: {},
  ValueInfo: { 2: "ValueType" },
  ValueType: { 1: "TensorType" },
  TensorType: { 2: "Shape" },
  Shape: { 1: "Dimension" },
  Dimension: {},
};

/** Fields that hold a text which is kept, by message. */
export const TEXTS: Readonly<Partial<Record<MessageType, readonly number[]>>> = {
  Tensor: [8],
  ExternalEntry: [1, 2],
  MetadataEntry: [1, 2],
  ValueInfo: [1],
};
