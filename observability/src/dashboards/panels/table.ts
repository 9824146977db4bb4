import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { column } from '../queries';
import { sources } from '../sources';
import { dress, type PanelSpec, type Thresholds } from './dress';

/** One column of numbers: what it is called, and the expression that fills it, all of them grouped alike. */
interface TableColumn {
  readonly name: string;
  readonly expr: string;
  readonly unit: string;
  readonly thresholds?: Thresholds;
}

/** A table with a row for each series. */
export interface TableSpec extends Omit<PanelSpec, 'queries' | 'unit'> {
  /** Labels that are columns, in their order, with the words above them. */
  readonly labels: Readonly<Record<string, string>>;
  readonly columns: readonly TableColumn[];
}

/** Rows by labels, numbers beside them, the largest of the first number on top. */
export function table(spec: TableSpec): PanelBuilder {
  const { labels, columns } = spec;
  const letters = columns.map((_, index) => `Value #${String.fromCharCode(65 + index)}`);
  // Of a single query the numbers are called just so.
  const fields = columns.length === 1 ? ['Value'] : letters;
  const panel = dress(
    new PanelBuilder(),
    { ...spec, queries: columns.map(({ expr }) => column(expr)) },
    { datasource: sources.prometheus, height: 8 },
  );
  panel
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        indexByName: Object.fromEntries(
          [...Object.keys(labels), ...fields].map((field, index) => [field, index]),
        ),
        renameByName: {
          ...labels,
          ...Object.fromEntries(columns.map(({ name }, index) => [fields[index] ?? name, name])),
        },
      },
    })
    .withTransformation({
      id: 'sortBy',
      options: { sort: [{ field: columns[0]?.name, desc: true }] },
    });
  for (const { name, unit, thresholds } of columns) {
    panel.overrideByName(name, [
      { id: 'unit', value: unit },
      ...(thresholds
        ? [
            {
              id: 'thresholds',
              value: {
                mode: 'absolute',
                steps: [
                  { value: null, color: thresholds[0] },
                  ...thresholds.slice(1).map(([value, color]) => ({ value, color })),
                ],
              },
            },
            { id: 'custom.cellOptions', value: { type: 'color-text' } },
          ]
        : []),
    ]);
  }
  return panel;
}
