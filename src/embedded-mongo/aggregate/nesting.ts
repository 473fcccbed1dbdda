/** Which stages may stand within another stage's pipeline. */
import { mongoError } from '../errors.ts';
import { fieldOf, isDoc, namesOf, type Value } from '../value.ts';

/** Stages that write, or that begin a pipeline of their own, cannot stand within a `$facet`. */
const NOT_IN_FACET = new Set([
  '$changeStream',
  '$collStats',
  '$currentOp',
  '$documents',
  '$facet',
  '$geoNear',
  '$indexStats',
  '$listLocalSessions',
  '$listSessions',
  '$merge',
  '$out',
  '$planCacheStats',
]);

/** Throws 40600 for a stage that cannot stand within a `$facet`, however deep. */
export function checkFacet(pipeline: Value): void {
  for (const [name, spec] of stagesOf(pipeline)) {
    const isForbidden =
      NOT_IN_FACET.has(name) || innerStages(name, spec).some(([inner]) => NOT_IN_FACET.has(inner));
    if (isForbidden) throw mongoError(40600, `${name} is not allowed to be used within a $facet stage`);
  }
}

/** Throws the code for a stage that writes within a pipeline of `$lookup` or `$unionWith`. */
export function checkReadsOnly(pipeline: Value, container: string, code: number): void {
  for (const [name] of stagesOf(pipeline)) {
    if (name === '$out' || name === '$merge' || name === '$changeStream') {
      throw mongoError(code, `${name} is not allowed within a ${container}'s sub-pipeline`);
    }
  }
}

type NamedStage = readonly [string, Value];

function stagesOf(pipeline: Value): NamedStage[] {
  if (!Array.isArray(pipeline)) return [];
  return pipeline.filter(isDoc).map((stage): NamedStage => {
    const name = namesOf(stage)[0] ?? '';
    return [name, fieldOf(stage, name)];
  });
}

/** The stages of the pipelines within `$lookup` and `$unionWith`. */
function innerStages(name: string, spec: Value): NamedStage[] {
  if ((name !== '$lookup' && name !== '$unionWith') || !isDoc(spec)) return [];
  const stages = stagesOf(fieldOf(spec, 'pipeline'));
  return stages.flatMap((stage) => [stage, ...innerStages(...stage)]);
}
