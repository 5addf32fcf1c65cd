import { Checkbox, Group, Radio, Select } from '@mantine/core';
import classes from './rotation.module.css';
import { days, hourOf, isAnyTime, type Window } from './rotation-words.ts';

export const ANY_TIME: Window = { days: days.map(({ value }) => value), fromHour: 0, toHour: 24, timeZone: 'UTC' };

/** At night between two days on which few work. */
function firstWindow(): Window {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return { days: ['SATURDAY', 'SUNDAY'], fromHour: 1, toHour: 5, timeZone };
}

const hours = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ value: String(from + index), label: hourOf(from + index) }));

interface WindowFieldProps {
  readonly window: Window;
  readonly onChange: (window: Window) => void;
  readonly error?: string | undefined;
}

/** Days, hours and a time zone, or always. */
export function WindowField({ window, onChange, error }: WindowFieldProps) {
  const [isAlways, zones] = [
    isAnyTime(window),
    [...new Set(['UTC', window.timeZone, ...Intl.supportedValuesOf('timeZone')])],
  ];
  return (
    <div>
      <Radio.Group
        label="When"
        value={isAlways ? 'always' : 'window'}
        onChange={(way) => onChange(way === 'always' ? ANY_TIME : firstWindow())}
        error={isAlways ? error : undefined}
      >
        <div className={classes.ways}>
          <Radio size="xs" value="always" label="At any time" />
          <Radio size="xs" value="window" label="In a window alone" />
        </div>
      </Radio.Group>
      {!isAlways && (
        <div className={classes.window}>
          <Checkbox.Group
            label="Opens on"
            value={[...window.days]}
            onChange={(on) =>
              onChange({ ...window, days: days.filter(({ value }) => on.includes(value)).map(({ value }) => value) })
            }
            error={error}
          >
            <Group gap="md" mt={6}>
              {days.map((day) => (
                <Checkbox key={day.value} size="xs" {...day} />
              ))}
            </Group>
          </Checkbox.Group>
          <div className={classes.hours}>
            <Select
              label="From"
              allowDeselect={false}
              data={hours(0, 23)}
              value={String(window.fromHour)}
              onChange={(hour) => onChange({ ...window, fromHour: Number(hour) })}
            />
            <Select
              label="To"
              allowDeselect={false}
              data={hours(1, 24)}
              value={String(window.toHour)}
              onChange={(hour) => onChange({ ...window, toHour: Number(hour) })}
            />
            <Select
              label={window.toHour <= window.fromHour ? 'Of the next day, by the clock of' : 'By the clock of'}
              searchable
              allowDeselect={false}
              data={zones}
              value={window.timeZone}
              onChange={(timeZone) => timeZone !== null && onChange({ ...window, timeZone })}
              nothingFoundMessage="No time zone is called that"
              maxDropdownHeight={220}
            />
          </div>
        </div>
      )}
    </div>
  );
}
