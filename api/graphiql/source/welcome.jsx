// What stands in the window before one has signed in.

import { known } from './known.js';
import { signInAddress } from './session.js';

export function Welcome() {
  return (
    <section className="welcome" aria-labelledby="welcome">
      <h2 id="welcome">Войдите, чтобы спрашивать от своего имени</h2>
      <p>
        Здесь готовые запросы для администратора, завуча, учителя, координатора и родителя. Выберите пример, измените его и выполните.
        Ответ зависит от вашей роли, а про каждое поле, в котором отказано, под ответом сказано, почему и у кого оно открыто.
      </p>
      <p><a className="button" href={signInAddress}>Войти</a></p>
      {known.standIn && <p>На учебном стенде можно войти любым вымышленным человеком из списка: начните с администратора организации.</p>}
      <p><a href="/access">Кто что видит: роли и поля</a>. Без входа общедоступное можно спросить <a href="/">на главной странице</a>.</p>
    </section>
  );
}
