import { parser } from '@prometheus-io/lezer-promql';

/** A selector of an expression, such as `up{job="gateway"}`. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
}

/** What an expression reads. */
export interface PromQl {
  readonly selectors: readonly Selector[];
  /** Labels of `by` and `without`. */
  readonly grouping: readonly string[];
}

/** A variable of Grafana that stands for a duration. */
const INTERVAL = /\$__\w*interval/g;

/** Reads an expression with the parser of Prometheus's own editor. @throws for an invalid one. */
export function parsePromQl(expression: string): PromQl {
  const text = expression.replaceAll(INTERVAL, '5m');
  const selectors: Selector[] = [];
  const grouping: string[] = [];
  parser.parse(text).iterate({
    enter(node) {
      const content = text.slice(node.from, node.to);
      if (node.type.isError) throw new Error(`Not PromQL at "${text.slice(node.from)}": ${expression}`);
      if (node.name === 'VectorSelector') {
        const { node: selector } = node;
        const name = selector.getChild('Identifier');
        const matchers = selector.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
        selectors.push({
          metric: name ? text.slice(name.from, name.to) : '',
          matchers: matchers.map(({ from, to }) => readMatcher(text.slice(from, to))),
        });
      }
      if (node.name === 'LabelName' && node.matchContext(['GroupingLabels'])) grouping.push(content);
    },
  });
  return { selectors, grouping };
}

function readMatcher(text: string): Selector['matchers'][number] {
  const {
    label = '',
    operator = '',
    value = '',
  } = /^(?<label>\w+)\s*(?<operator>=~|!~|!=|=)\s*"(?<value>.*)"$/.exec(text)?.groups ?? {};
  return { label, operator, value };
}
