// How a form's fields are named: for people, and for the links that lead from an error to its field.

/** `dueOn` and `due_on` read “Due on”. */
export function fieldLabel(name: string): string {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The id of a field of the form that was refused; only that form uses it, so it stands once on the page. */
export function fieldId(operation: string, field: string): string {
  return `field-${operation.replaceAll('.', '-')}-${field}`;
}
