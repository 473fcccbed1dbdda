/** The stage `$fill`: replaces null and missing values, by a value, by the last one, or along a line. */
import { mongoError } from '../errors.ts';
import type { Variables } from '../expression.ts';
import { compileAddFields } from '../project.ts';
import { type Doc, fieldOf, isDoc, namesOf, setField, typeName, type Value } from '../value.ts';
import { eachDoc, type Stage, type StageCompiler } from './stage.ts';
import { setWindowFields } from './window-fields.ts';

const FIELDS = ['partitionBy', 'partitionByFields', 'sortBy', 'output'];

/** https://www.mongodb.com/docs/manual/reference/operator/aggregation/fill/; throws 6050200 to 6050204. */
export const fillStage: StageCompiler = (spec, { variables }) => {
  if (!isDoc(spec))
    throw mongoError(9, `The $fill stage specification must be an object, found ${typeName(spec)}`);
  for (const name of namesOf(spec)) {
    if (!FIELDS.includes(name)) throw mongoError(40415, `BSON field '$fill.${name}' is an unknown field.`);
  }
  const { sortBy, output } = { sortBy: spec['sortBy'], output: spec['output'] };
  if (sortBy !== undefined && !isDoc(sortBy)) throw wrongType('sortBy', sortBy, 'object');
  if (output === undefined)
    throw mongoError(40414, "BSON field '$fill.output' is missing but a required field");
  if (!isDoc(output)) throw wrongType('output', output, 'object');
  const partitionBy = readPartition(spec);
  const { byMethod, byValue } = readOutput(output);
  const stages: Stage[] = [];
  if (namesOf(byMethod).length > 0) stages.push(setWindowFields(partitionBy, sortBy, byMethod, variables));
  if (namesOf(byValue).length > 0) stages.push(valueStage(byValue, variables));
  return (source) => stages.reduce((items, stage) => stage(items), source);
};

function wrongType(name: string, value: Value, wanted: string): Error {
  return mongoError(
    14,
    `BSON field '$fill.${name}' is the wrong type '${typeName(value)}', expected type '${wanted}'`,
  );
}

function valueStage(byValue: Doc, variables: Variables | undefined): Stage {
  return eachDoc(compileAddFields(byValue, variables));
}

/** Outputs as window functions and as added fields. */
function readOutput(output: Doc): { byMethod: Doc; byValue: Doc } {
  if (namesOf(output).length === 0) {
    throw mongoError(6050203, "The output field in '$fill' must contain an object with at least one element");
  }
  const byMethod: Doc = {};
  const byValue: Doc = {};
  for (const path of namesOf(output)) {
    const fill = fieldOf(output, path);
    if (!isDoc(fill)) {
      throw mongoError(6050200, 'Each fill output specification must be an object with exactly one field');
    }
    for (const name of namesOf(fill)) {
      if (name !== 'method' && name !== 'value')
        throw mongoError(40415, `BSON field '$fill.${name}' is an unknown field.`);
    }
    const { method, value } = { method: fill['method'], value: fill['value'] };
    if (method !== undefined) setField(byMethod, path, methodOf(method, value, path));
    if (value !== undefined) setField(byValue, path, { $ifNull: [`$${path}`, value] });
  }
  return { byMethod, byValue };
}

function methodOf(method: Value, value: Value, path: string): Doc {
  if (typeof method !== 'string') throw wrongType('method', method, 'string');
  if (value !== undefined) {
    throw mongoError(
      6050201,
      "Each fill output specification must have exactly one of 'method' or 'value' fields, not both",
    );
  }
  if (method === 'linear') return { $linearFill: `$${path}` };
  if (method === 'locf') return { $locf: `$${path}` };
  throw mongoError(6050202, 'Method must be either locf or linear');
}

/** The partition as an expression: given, or a document of the fields named. */
function readPartition(spec: Doc): Value {
  const { partitionBy, partitionByFields: fields } = {
    partitionBy: spec['partitionBy'],
    partitionByFields: spec['partitionByFields'],
  };
  if (partitionBy !== undefined && fields !== undefined) {
    throw mongoError(
      6050204,
      "Maximum one of 'partitionBy' and 'partitionByFields can be specified in '$fill'",
    );
  }
  if (partitionBy !== undefined) {
    if (typeof partitionBy === 'string' || isDoc(partitionBy)) return partitionBy;
    throw wrongType('partitionBy', partitionBy, 'string, object');
  }
  if (fields === undefined) return undefined;
  if (!Array.isArray(fields)) throw wrongType('partitionByFields', fields, 'array');
  const partition: Doc = {};
  fields.forEach((field: Value, i) => {
    if (typeof field !== 'string') throw wrongType(`partitionByFields.${i}`, field, 'string');
    setField(partition, field, `$${field}`);
  });
  return partition;
}
