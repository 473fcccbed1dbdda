// Small comforts on top of pages that work without script: polling that does not disturb, files into text fields.

/** A region is left alone while somebody uses it: a selection, the focus in a field, an open question. */
function inUse(region) {
  const selection = document.getSelection();
  if (selection && !selection.isCollapsed && region.contains(selection.anchorNode)) return true;
  if (region.querySelector('details.confirm[open]')) return true;
  return region.contains(document.activeElement) && document.activeElement.matches('input, select, textarea');
}

const shown = new Map();

document.addEventListener('htmx:beforeRequest', (event) => {
  if (event.detail.elt.matches('[data-poll]') && document.hidden) event.preventDefault();
});

/** Only a look at what is new may be left out; what somebody sent is always answered. */
document.addEventListener('htmx:beforeSwap', (event) => {
  const { target, xhr, requestConfig } = event.detail;
  if (!target.matches('[data-poll]') || requestConfig.verb !== 'get') return;
  const tag = xhr.getResponseHeader('ETag');
  const same = tag !== null && shown.get(target.id) === tag;
  if (same || inUse(target)) event.detail.shouldSwap = false;
  else shown.set(target.id, tag);
});

// What was unfolded stays unfolded when the region around it is drawn anew.
let unfolded = [];

document.addEventListener('htmx:beforeSwap', ({ detail }) => {
  unfolded = [...detail.target.querySelectorAll('details[open][id]')].map((details) => details.id);
});

document.addEventListener('htmx:afterSettle', () => {
  for (const id of unfolded) document.getElementById(id)?.setAttribute('open', '');
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  const question = document.querySelector('details.confirm[open]');
  question?.removeAttribute('open');
  question?.querySelector('summary').focus();
});

for (const picker of document.querySelectorAll('input[type=file][data-into]')) {
  picker.closest('[hidden]')?.removeAttribute('hidden');
  picker.addEventListener('change', async () => {
    const file = picker.files[0];
    if (file) picker.form.elements[picker.dataset.into].value = await file.text();
  });
}
