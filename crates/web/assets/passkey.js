// Passkeys: asks the browser for one when a form with `data-passkey` is sent, puts what it says into the form's hidden
// fields, and lets the form go on. Nothing is fetched; without this script the pages offer the other ways.
'use strict';

(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const known = (list) => list.map((one) => ({ ...one, id: bytes(one.id) }));

  async function create(options) {
    options.challenge = bytes(options.challenge);
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = known(options.excludeCredentials);
    const made = await navigator.credentials.create({ publicKey: options });
    const transports = made.response.getTransports ? made.response.getTransports() : [];
    return {
      client_data: text(made.response.clientDataJSON),
      attestation: text(made.response.attestationObject),
      transports: transports.join(','),
    };
  }

  async function use(options) {
    options.challenge = bytes(options.challenge);
    options.allowCredentials = known(options.allowCredentials);
    const used = await navigator.credentials.get({ publicKey: options });
    return {
      credential: text(used.rawId),
      client_data: text(used.response.clientDataJSON),
      authenticator_data: text(used.response.authenticatorData),
      signature: text(used.response.signature),
      user: used.response.userHandle ? text(used.response.userHandle) : '',
    };
  }

  const REASONS = {
    NotAllowedError: '機器での確認が取り消されたか、時間切れになりました。もう一度お試しください。',
    InvalidStateError: 'この機器のパスキーは、すでに登録されています。',
    SecurityError: 'この番地ではパスキーを使えません。管理者に知らせてください。',
  };

  for (const form of document.querySelectorAll('form[data-passkey]')) {
    if (!window.PublicKeyCredential) continue;
    for (const hidden of form.querySelectorAll('[data-passkey-shown]')) hidden.hidden = false;
    const fault = form.querySelector('[data-passkey-fault]');
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      fault.textContent = '';
      try {
        const options = JSON.parse(form.dataset.options);
        const said = form.dataset.passkey === 'create' ? await create(options) : await use(options);
        for (const [name, value] of Object.entries(said)) form.elements[name].value = value;
        form.submit();
      } catch (error) {
        fault.textContent = REASONS[error.name] || '機器との確認ができませんでした。別の方法をお使いください。';
      }
    });
  }
  for (const without of document.querySelectorAll('[data-passkey-without]')) {
    if (window.PublicKeyCredential) without.hidden = true;
  }
})();
