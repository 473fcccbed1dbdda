// Filters of a table as a plain form whose answer is the address: it can be kept, sent and gone back to.
import { type ReactElement, useId } from 'react';
import type { Choice } from '../form-field.tsx';
import type { Frame } from '../frame.ts';

export interface Filter {
  /** The key in the address. */
  readonly name: string;
  readonly label: string;
  /** A list to pick from; a text to type without it. */
  readonly choices?: readonly Choice[];
  /** What no choice stands for; `All` unless told. */
  readonly none?: string;
}

interface FilterFormProps {
  readonly frame: Frame;
  readonly filters: readonly Filter[];
}

export function FilterForm({ frame, filters }: FilterFormProps): ReactElement {
  const id = useId();
  const filtered = filters.some(({ name }) => frame.query[name]);
  const kept = frame.query['sort'];
  const unfiltered = filters.map(({ none }) => none?.toLowerCase()).find(Boolean) ?? 'all';
  return (
    <search>
      <form method="get" action={frame.path} className="filters">
        {kept && <input type="hidden" name="sort" value={kept} />}
        {filters.map((filter) => (
          <div key={filter.name} className="field">
            <label htmlFor={`${id}-${filter.name}`}>{filter.label}</label>
            <FilterControl
              id={`${id}-${filter.name}`}
              filter={filter}
              value={frame.query[filter.name] ?? ''}
            />
          </div>
        ))}
        <button type="submit" className="secondary">
          Filter
        </button>
        {filtered && <a href={frame.path}>Show {unfiltered}</a>}
      </form>
    </search>
  );
}

function FilterControl(props: {
  readonly id: string;
  readonly filter: Filter;
  readonly value: string;
}): ReactElement {
  const { id, filter, value } = props;
  if (!filter.choices)
    return <input id={id} type="search" name={filter.name} defaultValue={value} autoComplete="off" />;
  return (
    <select id={id} name={filter.name} defaultValue={value}>
      <option value="">{filter.none ?? 'All'}</option>
      {filter.choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}
