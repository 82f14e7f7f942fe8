"""A Tomcat 10 with one of the applications of Debian's packages, on a folder of its own."""

import re
from pathlib import Path
from xml.sax.saxutils import quoteattr

from support.apps.application import Application
from support.process import Server, wait_until_it_says
from support.wait import until

HOME = Path("/usr/share/tomcat10")
CLASSES = ":".join(str(HOME / "bin" / name) for name in ("bootstrap.jar", "tomcat-juli.jar"))
QUICK = ["-Xmx128m", "-XX:TieredStopAtLevel=1"]
STARTED = "Server startup in"

SERVER = """\
<Server port="-1">
  <GlobalNamingResources>
    <Resource name="users" type="org.apache.catalina.UserDatabase" pathname="conf/tomcat-users.xml"
              factory="org.apache.catalina.users.MemoryUserDatabaseFactory"/>
  </GlobalNamingResources>
  <Service name="Catalina">
    <Connector port="0" address="127.0.0.1" protocol="HTTP/1.1"/>
    <Engine name="Catalina" defaultHost="localhost">
      <Realm className="org.apache.catalina.realm.UserDatabaseRealm" resourceName="users"/>
      <Host name="localhost" appBase="webapps" autoDeploy="false">
        <Valve className="org.apache.catalina.valves.AccessLogValve" directory="." prefix="access"
               suffix=".log" rotatable="false" buffered="false" pattern="%u %r"/>
      </Host>
    </Engine>
  </Service>
</Server>
"""
WEB = """\
<web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
  <servlet>
    <servlet-name>default</servlet-name>
    <servlet-class>org.apache.catalina.servlets.DefaultServlet</servlet-class>
  </servlet>
  <servlet>
    <servlet-name>jsp</servlet-name>
    <servlet-class>org.apache.jasper.servlet.JspServlet</servlet-class>
  </servlet>
  <servlet-mapping><servlet-name>default</servlet-name><url-pattern>/</url-pattern></servlet-mapping>
  <servlet-mapping><servlet-name>jsp</servlet-name><url-pattern>*.jsp</url-pattern></servlet-mapping>
</web-app>
"""


class TomcatApplication(Application):
    """Tomcat chooses its port itself. Its access log tells whom it took each request's sender for."""

    contexts: dict[str, str]
    """What is deployed: name → the attributes of its Context besides the path."""
    roles: str
    """Of both users, with commas."""

    def start(self) -> int:
        self._lay_out()
        places = [f"-Dcatalina.home={HOME}", f"-Dcatalina.base={self.folder}"]
        temporary = f"-Djava.io.tmpdir={self.folder / 'temp'}"
        java = ["java", *QUICK, "-cp", CLASSES, *places, temporary]
        server = Server(
            [*java, "org.apache.catalina.startup.Bootstrap", "start"], self.folder / "tomcat.log"
        )
        self.until_stopped(server)
        wait_until_it_says(STARTED, server)
        port = re.search(r"http-nio-127\.0\.0\.1-auto-\d+-(\d+)", server.output())
        assert server.is_running() and port, f"Tomcat does not start:\n{server.output()}"
        return int(port[1])

    def user_who_asked(self, request_line: str) -> str | None:
        """Whom Tomcat took the sender of that request for. It writes that after it has answered."""
        users = until(lambda: self._users_who_asked(request_line), f"Tomcat to log {request_line}")
        return None if users[-1] == "-" else users[-1]

    def _users_who_asked(self, request_line: str) -> list[str]:
        lines = (self.folder / "access.log").read_text().rpartition("\n")[0].splitlines()
        return [user for user, line in map(_parts, lines) if line == request_line]

    def _lay_out(self) -> None:
        for name in ("conf/Catalina/localhost", "webapps", "temp", "work"):
            (self.folder / name).mkdir(parents=True)
        configuration = self.folder / "conf"
        (configuration / "server.xml").write_text(SERVER)
        (configuration / "web.xml").write_text(WEB)
        (configuration / "tomcat-users.xml").write_text(self._users())
        for name, attributes in self.contexts.items():
            context = f'<Context {attributes}><Resources allowLinking="true"/></Context>\n'
            (configuration / "Catalina" / "localhost" / f"{name}.xml").write_text(context)

    def _users(self) -> str:
        users = [
            f'<user username="{account.name}" password={quoteattr(account.password)} roles="{self.roles}"/>'
            for account in (self.ALICE, self.BOB)
        ]
        return f'<tomcat-users xmlns="http://tomcat.apache.org/xml">{"".join(users)}</tomcat-users>\n'


def _parts(line: str) -> tuple[str, str]:
    """User and request line of a line in the access log."""
    user, _, request = line.partition(" ")
    return user, request


EXAMPLES = {"examples": 'docBase="/usr/share/tomcat10-examples/examples"'}
MANAGER = {"manager": 'docBase="/usr/share/tomcat10-admin/manager" privileged="true"'}
